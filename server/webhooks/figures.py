"""What is counted of webhooks (p)."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class WebhookFigures:
    """Attempts and their ends since the start; what waits, as it was seen last. `oldest_s`: how long the first one does."""

    delivered_total: int = 0
    attempts_failed_total: int = 0
    failed_total: int = 0
    switched_off_total: int = 0
    waiting: int = 0
    oldest_s: int = 0
