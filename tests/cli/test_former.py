import io

import orjson
import pytest

from server.cli.api import Api
from server.cli.exits import RefusedError
from server.cli.former import StillGoingError, end_open, find_finished, former_batches, is_former
from server.cli.interrupts import Interrupts
from server.cli.kept import Finished
from server.cli.screen import Screen
from tests.cli.office import FakeOffice, Served, batch, quick_clock

ID = "b1aaaaaaaaaa"
REASON = "Ten tasks in a row failed alike"


@pytest.mark.parametrize(
    ("name", "kind", "is_one"),
    [
        ("companies.csv", "command", True),
        ("companies.csv (first 3)", "command", True),
        ("companies.csv (other 197)", "command", True),
        ("companies.csv (old)", "command", False),
        ("companies.csv (first 3) (first 3)", "command", False),
        ("my companies.csv", "command", False),
        ("companies.csv", "demo", False),
    ],
)
def test_what_a_former_run_is(name: str, kind: str, is_one: bool) -> None:
    assert is_former(batch(name=name, kind=kind), "companies.csv") is is_one


async def test_former_runs_are_asked_for_by_name(office: FakeOffice, server: Served) -> None:
    office.listed = [batch(name="companies.csv"), batch(name="my companies.csv")]
    async with Api(server.address, quick_clock()) as api:
        found = await former_batches(api, "companies.csv")
    assert [one["name"] for one in found] == ["companies.csv"]
    assert office.requests("GET", "/batches")[0].query["q"] == "companies.csv"


async def test_rows_are_found_by_the_field_and_no_more_is_read_than_needed(
    office: FakeOffice, server: Served
) -> None:
    inputs = [{"id": "1"}, {"id": 2}, {"other": "3"}, {"id": "4"}, {"id": None}]
    office.results = b"".join(orjson.dumps({"task": "t", "input": given}) + b"\n" for given in inputs)
    batches = [batch(done=0), batch(done=5, id="b2aaaaaaaaaa"), batch(done=5, id="b3aaaaaaaaaa")]
    async with Api(server.address, quick_clock()) as api:
        with Finished() as finished:
            await find_finished(api, batches, "id", {"1", "2"}, finished)
            assert orjson.loads(finished.line("2"))["input"] == {"id": 2}
            assert len(finished) == 2
    assert [asked.path for asked in office.asked] == ["/batches/b2aaaaaaaaaa/results"]


async def ended(office: FakeOffice, server: Served, *, own: bool = False, yes: bool = False) -> str:
    """What is said while a former run that is open is dealt with; nobody is at a terminal."""
    said = io.StringIO()
    screen = Screen(out=io.StringIO(), err=said)
    async with Api(server.address, quick_clock()) as api:
        assert await end_open(api, quick_clock(), screen, Interrupts(), [office.course[0]], own=own, yes=yes)
    return said.getvalue()


async def test_a_former_run_that_goes_on_is_left_alone_unless_somebody_says_so(
    office: FakeOffice, server: Served
) -> None:
    office.course = [batch()]
    with pytest.raises(StillGoingError, match=rf"companies.csv \({ID}, 0 of 4 done\); nothing was started"):
        await ended(office, server)
    assert office.asked == []
    assert "Cancelled companies.csv" in await ended(office, server, yes=True)
    assert office.requests("POST", f"/batches/{ID}/cancel")


async def test_nobody_waits_for_one_on_a_server_of_our_own_or_that_the_server_has_paused(
    office: FakeOffice, server: Served
) -> None:
    office.course = [batch()]
    assert "Cancelled" in await ended(office, server, own=True)
    office.course = [batch(state="paused", reason=REASON, running=0)]
    assert "Cancelled" in await ended(office, server)
    assert not await ended(office, server), "one that has ended is no matter"


async def test_a_refusal_of_the_cancel_is_told(office: FakeOffice, server: Served) -> None:
    office.course = [batch()]
    office.problems[("POST", f"/batches/{ID}/cancel")] = [(403, {"code": "forbidden", "detail": "not you"})]
    with pytest.raises(RefusedError, match="not you"):
        await ended(office, server, yes=True)
