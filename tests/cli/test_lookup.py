import pytest

from server.cli.api import Api
from server.cli.exits import RefusedError
from server.cli.lookup import find_batch
from tests.cli.office import FakeOffice, Served, batch, quick_clock

LISTED = [
    batch(id="b1aaaaaaaaaa", name="companies.csv"),
    batch(id="b1bbbbbbbbbb", name="issues"),
    batch(id="c2cccccccccc", name="issues"),
    batch(id="issues000000", name="other"),
    *(batch(id=f"d{number}dddddddddd", name=f"list {number}") for number in range(7)),
]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("b1aaaaaaaaaa", "b1aaaaaaaaaa"),
        ("b1a", "b1aaaaaaaaaa"),
        ("c", "c2cccccccccc"),
        ("companies.csv", "b1aaaaaaaaaa"),
        ("issues000000", "issues000000"),
    ],
)
async def test_an_id_its_beginning_or_a_name_will_do(
    office: FakeOffice, server: Served, wanted: str, found: str
) -> None:
    office.listed = LISTED
    async with Api(server.address, quick_clock()) as api:
        assert (await find_batch(api, wanted))["id"] == found


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (
            "b1",
            r"'b1' could be b1aaaaaaaaaa \(companies\.csv, running\), b1bbbbbbbbbb \(issues, running\); give more of the id",
        ),
        ("issues", r"could be b1bbbbbbbbbb \(issues, running\), c2cccccccccc \(issues, running\)"),
        ("d", r"and 2 more; give more of the id"),
        ("nobody", r"no batch is called 'nobody'"),
    ],
)
async def test_what_is_unclear_is_told(office: FakeOffice, server: Served, wanted: str, said: str) -> None:
    office.listed = LISTED
    async with Api(server.address, quick_clock()) as api:
        with pytest.raises(RefusedError, match=said):
            await find_batch(api, wanted)
