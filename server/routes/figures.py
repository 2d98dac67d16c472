"""What ended in a batch, in figures."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from server.errors import InvalidInputError
from server.model import Reason
from server.routes.answers import JsonAnswer, present
from server.routes.call import Call
from server.routes.times import rfc3339
from server.store.batches import batch_row
from server.store.figures import BatchFigures, Durations, Ends, batch_figures
from server.store.whys import WHY


async def shown(call: Call) -> Response:
    """How long its tasks took, how many ended when, and why some failed."""
    async with call.parts.db.read() as conn:
        row = await batch_row(conn, call.office, call.path("id"))
        figures = await batch_figures(conn, row.id, ended=row.done + row.failed)
    return JsonAnswer(_shape(figures))


def why_of(query: Mapping[str, str]) -> str | None:
    """For which failure; None where nothing was said.

    Raises:
        InvalidInputError: it is neither a reason nor a code of a program.
    """
    why = query.get("why")
    if why is not None and not WHY.fullmatch(why):
        raise InvalidInputError(
            f"why: expected one of {', '.join(Reason)}, or exit and a code, got {why[:40]!r}"
        )
    return why


def _shape(figures: BatchFigures) -> dict[str, Any]:
    return present(
        every=figures.every,
        durations=_durations(figures.durations) if figures.durations else None,
        ends=_ends(figures.ends) if figures.ends else None,
        reasons=[{"why": why, "count": count} for why, count in figures.reasons],
        more=figures.more_reasons,
    )


def _durations(durations: Durations) -> dict[str, Any]:
    return {
        "of": durations.looked_at,
        "from": durations.low / 1000,
        "to": durations.top / 1000,
        "half": durations.half / 1000,
        "most": durations.most / 1000,
        "longest": durations.high / 1000,
        "bars": durations.bars,
        "longer": durations.longer,
    }


def _ends(ends: Ends) -> dict[str, Any]:
    return {
        "from": rfc3339(ends.first_ms),
        "step": ends.width_ms / 1000,
        "done": ends.done,
        "failed": ends.failed,
    }
