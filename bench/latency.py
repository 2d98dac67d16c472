"""S5: how soon a task starts in a house with nothing to do, on the clock that client and body share."""

import json
import time
from statistics import quantiles

from bench.house import ServedHouse, folder, serving
from bench.rows import Row
from bench.stores import csv_of, open_accounts

REPEATS = 5
SINGLES = 200
WITHIN_S = 5
RESULTS = """
SELECT r.body FROM results AS r JOIN tasks AS t ON t.id = r.task JOIN batches AS b ON b.id = t.batch ORDER BY b.ordinal
"""


def latencies(house: ServedHouse, token: str, singles: int) -> tuple[list[float], list[float]]:
    """Milliseconds until the body begins: from the moment the client has the answer, and from when it asked.

    A body that began before the client had read the answer counts as 0 after it. One at a time, each after the end of
    the one before; the first ones, which find nothing warm, count.
    """
    asked, answered = [], []
    for number in range(singles):
        asked.append(time.monotonic_ns())
        house.submit(token, "moment", csv_of(1))
        answered.append(time.monotonic_ns())
        house.await_rows("SELECT sum(done) FROM batches", number + 1, within_s=WITHIN_S, every_s=0.005)
    began = [json.loads(body)["began_ns"] for (body,) in house.rows(RESULTS)]
    after = [max(start - answer, 0) / 1e6 for start, answer in zip(began, answered, strict=True)]
    whole = [(start - ask) / 1e6 for start, ask in zip(began, asked, strict=True)]
    return after, whole


def idle(repeats: int = REPEATS, singles: int = SINGLES) -> list[Row]:
    """S5, of both: as it is promised, and the whole way."""
    after, whole = [], []
    for _ in range(repeats):
        with folder() as data:
            (token,) = open_accounts(data, 1, "enterprise", slots=None)
            with serving(data) as house:
                one = latencies(house, token, singles)
        after.append(quantiles(one[0], n=100))
        whole.append(quantiles(one[1], n=100))
    found = []
    for name, at, bar in (("p50", 49, 5.0), ("p99", 98, 20.0)):
        found.append(
            Row(
                id=f"S5 {name}", what=f"accepted to begun when idle, {name}", unit="ms", bar=bar,
                values=[one[at] for one in after],
                notes="from when the client has the answer 201 until the body begins",
            )
        )  # fmt: skip
        found.append(
            Row(
                id=f"S5 {name} asked", what=f"asked to begun when idle, {name}", unit="ms",
                values=[one[at] for one in whole],
                notes="the whole way: request, intake, two commits",
            )
        )  # fmt: skip
    return found
