import io
import json

import pytest

from server.cli.api import Api
from server.cli.handing import Part, Terms, hand_in, spooled
from server.cli.source import Source
from server.intake.stream import Format
from tests.cli.office import FakeOffice, Served, quick_clock

CSV = b"name,n\n" + b"".join(b"Number %d,%d\n" % (n, n) for n in range(2_500))
TERMS = Terms(kind="demo", params={"seconds": 1}, options={"slots": 3, "attempts": None}, key="n")
DONE = frozenset({"0", "1", "7", "2499"})


def listed() -> Source:
    return Source(io.BytesIO(CSV), name="numbers.csv", shape=Format.CSV)


async def handed_in(server: Served, office: FakeOffice, part: Part, *, private: bool) -> list[str]:
    """What went over the wire, as the keys of its rows."""
    terms = Terms(kind="demo", params=TERMS.params, options=TERMS.options, key="n", private=private)
    async with Api(server.address, quick_clock()) as api, spooled(listed(), title=None, key="n") as spool:
        await hand_in(api, listed(), terms, spool, part)
    [asked] = office.requests("POST", "/batches")
    if private:
        assert asked.query == {}
        said = asked.json
        assert (said["name"], said.get("try")) == (part.name, part.first)
        assert {task["key"] == task["input"]["n"] for task in said["tasks"]} == {True}
        assert said["tasks"][0]["title"] == said["tasks"][0]["input"]["name"]
        return [task["key"] for task in said["tasks"]]
    assert (asked.query["name"], asked.query.get("try")) == (part.name, part.first and str(part.first))
    assert (asked.query["key"], asked.query["slots"], "attempts" in asked.query) == ("n", "3", False)
    if asked.headers["content-type"] == "text/csv":
        assert asked.body == CSV
        return [str(n) for n in range(2_500)]
    return [json.loads(line)["n"] for line in asked.body.splitlines()]


@pytest.mark.parametrize("private", [False, True])
@pytest.mark.parametrize(
    ("part", "rows"),
    [
        (Part(name="a"), list(range(2_500))),
        (Part(name="a", first=3), list(range(2_500))),  # the server keeps three, and looks through all
        (Part(name="a", start=3), list(range(3, 2_500))),
        (Part(name="a", start=1_999), list(range(1_999, 2_500))),
        (Part(name="a", skip=DONE), [n for n in range(2_500) if str(n) not in DONE]),
        (Part(name="a", skip=DONE, start=6), list(range(9, 2_499))),
    ],
)
async def test_the_rows_of_a_part(
    office: FakeOffice, server: Served, part: Part, rows: list[int], private: bool
) -> None:
    assert await handed_in(server, office, part, private=private) == [str(n) for n in rows]
