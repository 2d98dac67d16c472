"""Figures as the parts give them, every number another one."""

from server.billing.figures import BillingFigures
from server.gateway.figures import Figures
from server.metrics.table import Sources
from server.model import ExecutionState, View
from server.recording.figures import RecorderFigures
from server.scheduler.counters import SchedulerFigures
from server.ticker.pace import TickerFigures
from server.webhooks.figures import WebhookFigures

GATEWAY = Figures(
    sockets=101,
    viewers={View.FULL: 1, View.TITLES: 2, View.BATCHES: 3, View.FIGURES: 4},
    lagging=102,
    messages_total=103,
    deliveries_total=104,
    bytes_total=105,
    lagged_total=106,
    resyncs_total=107,
    resumed_total=108,
    too_slow_total=109,
)
TICKER = TickerFigures(
    offices=201,
    ticks=61,
    diffs=203,
    epochs=204,
    rebuilds=205,
    late=(50, 4, 3, 2, 1, 0, 0, 0, 0, 1),
    late_ms=2_345,
)
SCHEDULER = SchedulerFigures(
    offices=301,
    waiting=302,
    running=303,
    cycles_total=304,
    cycles_ms_total=4_567,
    failures_total=305,
    troubled=True,
    admissions_total=306,
    ends_total={
        ExecutionState.DONE: 5,
        ExecutionState.FAILED: 6,
        ExecutionState.CANCELLED: 7,
        ExecutionState.LOST: 8,
    },
    leases_lost_total=307,
)
RECORDER = RecorderFigures(
    recordings=401,
    held_bytes=402,
    waiting=403,
    shedding=False,
    segments_total=404,
    bytes_total=405,
    gaps_total=406,
    failures_total=407,
)
BILLING = BillingFigures(
    events_total={"taken": 51, "repeated": 52, "foreign": 53, "forged": 54, "late": 55, "malformed": 56},
    looks_total={"changed": 57, "unchanged": 58, "failed": 59},
    reconciled_s=501,
    differed=502,
)

WEBHOOKS = WebhookFigures(
    delivered_total=601,
    attempts_failed_total=602,
    failed_total=603,
    switched_off_total=604,
    waiting=605,
    oldest_s=606,
)


def sources() -> Sources:
    return Sources(
        gateway=lambda: GATEWAY,
        ticker=lambda: TICKER,
        scheduler=lambda: SCHEDULER,
        recorder=lambda: RECORDER,
        billing=lambda: BILLING,
        webhooks=lambda: WEBHOOKS,
    )
