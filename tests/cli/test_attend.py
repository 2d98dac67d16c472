import io

import pytest

from server.cli.api import Api
from server.cli.attend import NOBODY, Attendant
from server.cli.figures import Figures
from server.cli.interrupts import Interrupts
from server.cli.screen import Screen
from tests.cli.office import FakeOffice, Served, batch, quick_clock

ID = "b1aaaaaaaaaa"
HALTED = batch(state="paused", reason="10 equal failures in a row: exit 1", failed=2, running=0)


async def attended(
    server: Served, *, own: bool = False, interrupts: Interrupts | None = None
) -> tuple[Figures, str]:
    """A batch's last figures and what was said on the way; nobody is at a terminal."""
    said, clock = io.StringIO(), quick_clock()
    screen = Screen(out=io.StringIO(), err=said)
    async with Api(server.address, clock) as api:
        attendant = Attendant(
            api=api, clock=clock, screen=screen, interrupts=interrupts or Interrupts(), own=own
        )
        figures, _ = await attendant.through(ID)
    return figures, said.getvalue()


async def test_it_is_watched_to_its_end(office: FakeOffice, server: Served) -> None:
    office.course = [batch(), batch(done=2), batch(state="done", done=4, running=0)]
    figures, _ = await attended(server)
    assert (figures.state, figures.done) == ("done", 4)


@pytest.mark.parametrize("own", [False, True])
async def test_one_that_the_server_has_paused_is_left_or_cancelled(
    office: FakeOffice, server: Served, own: bool
) -> None:
    office.course = [batch(), HALTED]
    figures, said = await attended(server, own=own)
    assert figures.state == ("cancelled" if own else "paused")
    assert len(office.requests("POST", f"/batches/{ID}/cancel")) == own
    assert "Paused by the server: 10 equal failures in a row: exit 1" in said
    assert (NOBODY in said) is own


async def test_before_it_is_left_what_runs_may_end(office: FakeOffice, server: Served) -> None:
    office.course = [batch(**(HALTED | {"running": 1})), HALTED]
    figures, _ = await attended(server)
    assert figures.running == 0


async def test_one_that_goes_on_is_watched_on(office: FakeOffice, server: Served) -> None:
    paused = batch(state="paused")
    office.course = [paused, paused, batch(), batch(state="done", done=4, running=0)]
    figures, said = await attended(server)
    assert (figures.state, f"Paused; `tendesks resume {ID}` goes on." in said) == ("done", True)


async def test_an_interrupt_cancels_once(office: FakeOffice, server: Served) -> None:
    office.course = [batch(done=1)]
    interrupts = Interrupts()
    interrupts.asked.set()
    figures, _ = await attended(server, interrupts=interrupts)
    assert figures.state == "cancelled"
    assert len(office.requests("POST", f"/batches/{ID}/cancel")) == 1
