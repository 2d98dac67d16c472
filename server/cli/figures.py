"""The figures of one batch, whether they came over the socket or by HTTP."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self

from server.model import BATCH_ENDED, PULLED_KINDS, BatchState, Blocked

ENDED = frozenset(state.value for state in BATCH_ENDED)
PAUSED = BatchState.PAUSED.value


@dataclass(frozen=True, kw_only=True, slots=True)
class Figures:
    """total = waiting + running + done + failed + cancelled. `eta_ms` are moments, half done by and nine in ten.

    `reason`: the sentence why the server itself has paused it.
    """

    id: str
    name: str
    state: str
    total: int
    done: int
    failed: int
    cancelled: int
    running: int
    eta_ms: tuple[int, int] | None = None
    blocked: str | None = None
    until_ms: int | None = None
    started_ms: int | None = None
    ended_ms: int | None = None
    reason: str | None = None
    kind: str | None = None  # the office's state does not say it

    @classmethod
    def from_http(cls, batch: Mapping[str, Any]) -> Self:
        """Read what GET /batches/{id} answers."""
        eta = batch.get("eta")
        return cls(
            **{
                name: batch[name]
                for name in ("id", "name", "state", "total", "done", "failed", "cancelled", "running")
            },
            eta_ms=(moment_ms(eta[0]), moment_ms(eta[1])) if eta else None,
            blocked=batch.get("blocked"),
            until_ms=moment_ms(batch["until"]) if batch.get("until") else None,
            started_ms=moment_ms(batch["started"]) if batch.get("started") else None,
            ended_ms=moment_ms(batch["ended"]) if batch.get("ended") else None,
            reason=batch.get("reason"),
            kind=batch.get("kind"),
        )

    @classmethod
    def from_live(cls, key: str, live: Mapping[str, Any]) -> Self:
        """Read a batch of the office's state. It counts cancelled tasks only once nothing waits any more."""
        rest = live["total"] - live["done"] - live["failed"] - live["running"]
        blank = cls(
            id=key, name="", state="", total=0, done=0, failed=0, running=0,
            cancelled=rest if live["state"] in ENDED else 0,
        )  # fmt: skip
        return blank.with_live(live)

    def with_live(self, live: Mapping[str, Any]) -> Self:
        """The same batch as the office's state has it now; what the state does not say stays as it was."""
        eta = live.get("eta")
        moved = {name: live[name] for name in ("state", "total", "done", "failed", "running")}
        fits = live["done"] + live["failed"] + live["running"] + self.cancelled <= live["total"]
        return replace(
            self,
            **moved,
            name=live.get("name", self.name),
            cancelled=self.cancelled if fits else 0,
            eta_ms=(eta[0], eta[1]) if eta else None,
            reason=self.reason if live["state"] == PAUSED else None,
        )

    @property
    def waiting(self) -> int:
        """Tasks that neither run nor have ended."""
        return self.total - self.done - self.failed - self.cancelled - self.running

    @property
    def pulled(self) -> bool:
        """Whether its tasks start only when the user's own runners ask for them."""
        return self.kind in PULLED_KINDS

    @property
    def ended(self) -> bool:
        """Whether nothing of it will change any more by itself: cancelled ones may still be ending what runs."""
        return self.state in ENDED and self.running == 0

    @property
    def halted(self) -> bool:
        """Whether the server has paused it by itself, and somebody has to decide."""
        return self.state == PAUSED and self.reason is not None


def together(parts: Sequence[Figures]) -> Figures:
    """The figures of one list that went in as several batches; id and state are the last one's."""
    names = ("total", "done", "failed", "cancelled", "running")
    return replace(parts[-1], **{name: sum(getattr(part, name) for part in parts) for name in names})


def unasked(items: Iterable[Figures], state: Mapping[str, Any]) -> bool:
    """Whether an office lacks nothing but runners of its own: nothing runs, and all that could go on is pulled."""
    if state["queue"].get("blocked") != Blocked.CAPACITY or state["office"]["running"]:
        return False
    waiting = [figures for figures in items if figures.waiting and figures.state != PAUSED]
    return bool(waiting) and all(figures.pulled for figures in waiting)


def moment_ms(value: str | float) -> int:
    """A moment as HTTP tells it (RFC 3339), or in milliseconds already."""
    return round(datetime.fromisoformat(value).timestamp() * 1000) if isinstance(value, str) else int(value)
