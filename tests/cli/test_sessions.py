import pytest

from server.cli.api import Api
from server.cli.exits import RefusedError
from server.cli.sessions import find_recording, size
from tests.cli.office import FakeOffice, Served, quick_clock
from tests.cli.test_replay import recording


async def test_a_recording_is_found_by_the_beginning_of_its_id(office: FakeOffice, server: Served) -> None:
    office.recordings = [recording(id="r2b"), recording(id="r2"), recording(id="r1aaaaaaaaaa")]
    async with Api(server.address, quick_clock()) as api:
        for wanted, found in (("last", "r2b"), ("r2", "r2"), ("r1", "r1aaaaaaaaaa"), ("r2b", "r2b")):
            assert (await find_recording(api, wanted))["id"] == found
        with pytest.raises(RefusedError, match="'r' could be r2b, r2, r1aaaaaaaaaa; give more of the id"):
            await find_recording(api, "r")
        with pytest.raises(RefusedError, match="no recording's id begins with 'x'"):
            await find_recording(api, "x")


def test_sizes_are_short() -> None:
    assert [size(count) for count in (0, 2_400, 99_999, 100_000, 2_949_000)] == [
        "0 kB",
        "2 kB",
        "100 kB",
        "0.1 MB",
        "2.9 MB",
    ]
