"""The table of metrics (p): what is told, and what each is read from. docs/metrics.md explains them to operators.

No label holds an id, a name or a title: how many series there are is known here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeAlias, TypeVar

from server.billing.figures import BillingFigures
from server.gateway.figures import Figures
from server.recording.figures import RecorderFigures
from server.scheduler.counters import SchedulerFigures
from server.ticker.pace import TickerFigures
from server.webhooks.figures import WebhookFigures

Part = TypeVar("Part")
Values: TypeAlias = int | Mapping[Any, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Metric(Generic[Part]):
    """One metric: a count that only grows or a gauge, read from the figures of a part.

    With a `label`, `read` gives a value for each of its words. The name is without `tendesks_` and without `_total`.
    """

    kind: Literal["counter", "gauge"]
    name: str
    what: str
    read: Callable[[Part], Values]
    label: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Sources:
    """Where the figures come from; each call returns at once, on the event loop."""

    gateway: Callable[[], Figures]
    ticker: Callable[[], TickerFigures]
    scheduler: Callable[[], SchedulerFigures]
    recorder: Callable[[], RecorderFigures]
    billing: Callable[[], BillingFigures]
    webhooks: Callable[[], WebhookFigures]


GATEWAY: tuple[Metric[Figures], ...] = (
    Metric(
        kind="gauge",
        name="sockets",
        what="Open live sockets, those that have not said hello included.",
        read=lambda part: part.sockets,
    ),
    Metric(
        kind="gauge",
        name="viewers",
        what="Sockets that follow a stream, by view.",
        read=lambda part: part.viewers,
        label="view",
    ),
    Metric(
        kind="gauge",
        name="viewers_lagging",
        what="Viewers that are owed a keyframe because they were too slow.",
        read=lambda part: part.lagging,
    ),
    Metric(
        kind="counter",
        name="messages",
        what="Messages written for viewers: frames, hellos, times and counts.",
        read=lambda part: part.messages_total,
    ),
    Metric(
        kind="counter",
        name="deliveries",
        what="Diffs among them, one for each viewer.",
        read=lambda part: part.deliveries_total,
    ),
    Metric(
        kind="counter",
        name="sent_bytes",
        what="Bytes of those messages on the wire.",
        read=lambda part: part.bytes_total,
    ),
    Metric(
        kind="counter",
        name="lags",
        what="Times that a viewer began to lag.",
        read=lambda part: part.lagged_total,
    ),
    Metric(
        kind="counter",
        name="resyncs",
        what="Keyframes sent because a baseline was gone.",
        read=lambda part: part.resyncs_total,
    ),
    Metric(
        kind="counter",
        name="resumes",
        what="Viewers that came back and went on where they were.",
        read=lambda part: part.resumed_total,
    ),
    Metric(
        kind="counter",
        name="too_slow",
        what="Viewers closed with 4408 because they lagged for too long.",
        read=lambda part: part.too_slow_total,
    ),
)

TICKER: tuple[Metric[TickerFigures], ...] = (
    Metric(
        kind="gauge",
        name="offices_awake",
        what="Offices with a stream, or on the way to one.",
        read=lambda part: part.offices,
    ),
    Metric(kind="counter", name="ticks", what="Ticks taken.", read=lambda part: part.ticks),
    Metric(
        kind="counter",
        name="diffs",
        what="Diffs made, each of them once for all its viewers.",
        read=lambda part: part.diffs,
    ),
    Metric(
        kind="counter",
        name="epochs",
        what="Time lines begun, when an office woke or was rebuilt.",
        read=lambda part: part.epochs,
    ),
    Metric(
        kind="counter",
        name="rebuilds",
        what="Offices rebuilt while awake, because they were out of time or had failed.",
        read=lambda part: part.rebuilds,
    ),
)

SCHEDULER: tuple[Metric[SchedulerFigures], ...] = (
    Metric(
        kind="gauge",
        name="offices_working",
        what="Offices that have work, or had some within the hour.",
        read=lambda part: part.offices,
    ),
    Metric(
        kind="gauge",
        name="tasks_waiting",
        what="Accepted tasks that neither run nor have ended.",
        read=lambda part: part.waiting,
    ),
    Metric(
        kind="gauge",
        name="executions_running",
        what="Executions that run.",
        read=lambda part: part.running,
    ),
    Metric(
        kind="gauge",
        name="store_troubled",
        what="1 while the store takes nothing, else 0.",
        read=lambda part: int(part.troubled),
    ),
    Metric(
        kind="counter",
        name="cycle_failures",
        what="Group commits that the store did not take.",
        read=lambda part: part.failures_total,
    ),
    Metric(
        kind="counter",
        name="admissions",
        what="Executions admitted.",
        read=lambda part: part.admissions_total,
    ),
    Metric(
        kind="counter",
        name="ends",
        what="Executions that ended, by state.",
        read=lambda part: part.ends_total,
        label="state",
    ),
    Metric(
        kind="counter",
        name="leases_lost",
        what="Leases that ran out while their execution was believed to run.",
        read=lambda part: part.leases_lost_total,
    ),
)

RECORDER: tuple[Metric[RecorderFigures], ...] = (
    Metric(
        kind="gauge",
        name="recordings",
        what="Recordings that are being made.",
        read=lambda part: part.recordings,
    ),
    Metric(
        kind="gauge",
        name="recording_held_bytes",
        what="Bytes of recordings in memory: open segments, and what is to be written.",
        read=lambda part: part.held_bytes,
    ),
    Metric(
        kind="gauge",
        name="recording_backlog",
        what="Segments and parts of segments that are to be written.",
        read=lambda part: part.waiting,
    ),
    Metric(
        kind="gauge",
        name="recording_sheds",
        what="1 while too much is held and diffs are not recorded, else 0.",
        read=lambda part: int(part.shedding),
    ),
    Metric(
        kind="counter",
        name="recorded_segments",
        what="Segments written.",
        read=lambda part: part.segments_total,
    ),
    Metric(
        kind="counter",
        name="recorded_bytes",
        what="Bytes written for recordings, packed; parts of open segments included.",
        read=lambda part: part.bytes_total,
    ),
    Metric(
        kind="counter",
        name="recording_gaps",
        what="Segments before which something is missing.",
        read=lambda part: part.gaps_total,
    ),
    Metric(
        kind="counter",
        name="recording_failures",
        what="Transactions with recordings that the store did not take.",
        read=lambda part: part.failures_total,
    ),
)

BILLING: tuple[Metric[BillingFigures], ...] = (
    Metric(
        kind="counter",
        name="stripe_events",
        what="Events that came to the webhook, by what became of them.",
        read=lambda part: part.events_total,
        label="outcome",
    ),
    Metric(
        kind="counter",
        name="billing_looks",
        what="Looks at customers at Stripe, by what came of them.",
        read=lambda part: part.looks_total,
        label="outcome",
    ),
    Metric(
        kind="gauge",
        name="billing_reconciled_seconds",
        what="When all was last compared with what Stripe has, in seconds since the epoch; 0: not since the start.",
        read=lambda part: part.reconciled_s,
    ),
    Metric(
        kind="gauge",
        name="billing_differed",
        what="Accounts that differed then.",
        read=lambda part: part.differed,
    ),
)
