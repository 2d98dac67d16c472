"""The part of the table of metrics (p) that is about webhooks; see `table`."""

from server.metrics.table import Metric
from server.webhooks.figures import WebhookFigures

WEBHOOKS: tuple[Metric[WebhookFigures], ...] = (
    Metric(
        kind="counter",
        name="webhook_delivered",
        what="Messages that arrived at an address.",
        read=lambda part: part.delivered_total,
    ),
    Metric(
        kind="counter",
        name="webhook_attempts_failed",
        what="Attempts that did not arrive.",
        read=lambda part: part.attempts_failed_total,
    ),
    Metric(
        kind="counter",
        name="webhook_failed",
        what="Messages that were given up.",
        read=lambda part: part.failed_total,
    ),
    Metric(
        kind="counter",
        name="webhooks_switched_off",
        what="Addresses that the server switched off.",
        read=lambda part: part.switched_off_total,
    ),
    Metric(
        kind="gauge",
        name="webhook_waiting",
        what="Messages that wait for an attempt, those to addresses that are off included.",
        read=lambda part: part.waiting,
    ),
    Metric(
        kind="gauge",
        name="webhook_oldest_waiting_seconds",
        what="How long the oldest of them does.",
        read=lambda part: part.oldest_s,
    ),
)
