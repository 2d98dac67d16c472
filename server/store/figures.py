"""What ended in a batch, in figures: how long tasks took, how many ended when, and why some failed.

One statement each, and a bound on what it looks at: of a long list every n-th position, the same ones each time, so that
figures of a batch that does not change do not change either.
"""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from server.store.statements import fetch
from server.store.whys import why_of

LOOKED_AT_MAX = 20_000
BARS = 13
STRETCHES = 48
STRETCH_MS_MIN = 1_000
WHYS_MAX = 20

REASONS = """
SELECT WHY AS why, count(*) FROM tasks AS t
WHERE t.batch = :batch AND t.state = 'failed'
GROUP BY why ORDER BY count(*) DESC, min(t.position)
""".replace("WHY", why_of("t"))
# Tasks that have ended, with the attempt that ended them: its fence is the task's.
_LAST = """
WITH last AS MATERIALIZED (
  SELECT e.ended_ms - e.started_ms AS took, e.started_ms AS began, e.ended_ms AS at, t.state
  FROM tasks AS t JOIN executions AS e ON e.task = t.id AND e.fence = t.fence
  WHERE t.batch = :batch AND t.state IN ('done', 'failed') AND t.position % :every = 0 AND e.ended_ms IS NOT NULL)
"""
# Half of them took so long or less, and nine in ten; bars reach no further than twice that, or one task that took an
# hour would press all others into the first bar.
DURATIONS = """LAST,
ranked AS (
  SELECT took, row_number() OVER (ORDER BY took) AS n, count(*) OVER () AS c FROM last WHERE state = 'done'),
within AS (
  SELECT c, min(took) AS low, max(took) AS high,
    min(CASE WHEN n * 100 >= c * 50 THEN took END) AS half, min(CASE WHEN n * 100 >= c * 90 THEN took END) AS most
  FROM ranked GROUP BY c),
spread AS (
  SELECT c, low, high, half, most, CASE WHEN high > 2 * most THEN 2 * most ELSE high END AS top FROM within)
SELECT c, low, high, half, most, top,
  CASE WHEN took > top THEN :bars WHEN top = low THEN 0
    WHEN took = top THEN :bars - 1 ELSE (took - low) * :bars / (top - low) END AS bar,
  count(*)
FROM spread JOIN ranked USING (c) GROUP BY c, low, high, half, most, top, bar
""".replace("LAST", _LAST)
ENDS = """LAST,
frame AS (SELECT min(began) AS first FROM last)
SELECT first, CASE WHEN at - first >= :width * :stretches THEN :stretches - 1 ELSE (at - first) / :width END AS stretch,
  count(CASE WHEN state = 'done' THEN 1 END), count(CASE WHEN state = 'failed' THEN 1 END)
FROM last CROSS JOIN frame GROUP BY first, stretch
""".replace("LAST", _LAST)
BOUNDS = "LAST SELECT min(began), max(at) FROM last".replace("LAST", _LAST)


@dataclass(frozen=True, kw_only=True, slots=True)
class Durations:
    """How long done tasks took, in milliseconds.

    `bars` count those of equal steps from `low` to `top`, `longer` those beyond; half took `half` or less, nine in ten
    `most`. `looked_at` of them were looked at.
    """

    looked_at: int
    low: int
    high: int
    half: int
    most: int
    top: int
    bars: tuple[int, ...]
    longer: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Ends:
    """How many ended in each of equal stretches of `width_ms` from the first start on: done, failed."""

    first_ms: int
    width_ms: int
    done: tuple[int, ...]
    failed: tuple[int, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class BatchFigures:
    """What can be said of what ended. `every` n-th task of the list was looked at; reasons count all."""

    every: int
    durations: Durations | None
    ends: Ends | None
    reasons: tuple[tuple[str, int], ...]
    more_reasons: int


async def batch_figures(conn: AsyncConnection, batch: str, *, ended: int) -> BatchFigures:
    """Read the figures of a batch of which `ended` tasks are done or have failed."""
    every = max(1, -(-ended // LOOKED_AT_MAX))
    reasons = [(why, count) for why, count in await fetch(conn, REASONS, batch=batch)]
    return BatchFigures(
        every=every,
        durations=await _durations(conn, batch, every),
        ends=await _ends(conn, batch, every),
        reasons=tuple(reasons[:WHYS_MAX]),
        more_reasons=max(0, len(reasons) - WHYS_MAX),
    )


async def _durations(conn: AsyncConnection, batch: str, every: int) -> Durations | None:
    rows = await fetch(conn, DURATIONS, batch=batch, every=every, bars=BARS)
    if not rows:
        return None
    bars = dict.fromkeys(range(BARS + 1), 0) | {row[6]: row[7] for row in rows}
    count, low, high, half, most, top = rows[0][:6]
    return Durations(
        looked_at=count, low=low, high=high, half=half, most=most, top=top,
        bars=tuple(bars[bar] for bar in range(BARS)), longer=bars[BARS],
    )  # fmt: skip


async def _ends(conn: AsyncConnection, batch: str, every: int) -> Ends | None:
    ((first, last),) = await fetch(conn, BOUNDS, batch=batch, every=every)
    if first is None:
        return None
    width = max(STRETCH_MS_MIN, -(-(last - first + 1) // STRETCHES))
    rows = await fetch(conn, ENDS, batch=batch, every=every, width=width, stretches=STRETCHES)
    counts = {stretch: (done, failed) for _, stretch, done, failed in rows}
    through = range(max(counts) + 1)
    done, failed = zip(*(counts.get(stretch, (0, 0)) for stretch in through), strict=True)
    return Ends(first_ms=first, width_ms=width, done=done, failed=failed)
