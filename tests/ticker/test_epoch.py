import pytest

from server.model import View
from server.ticker.epoch import Epoch
from server.ticker.timeline import Timeline
from simulation.inputs import Input, OfficeChanged, SlotsChanged
from simulation.patch import apply
from simulation.views import project
from tests.fakes.offices import ended, noted, started

BASE_MS = 1_795_000_000_000
FACTS: list[Input] = [OfficeChanged(name="Acme", tier="pro"), SlotsChanged(slots=10), started(1, BASE_MS)]


def epoch(facts: list[Input] = FACTS) -> Epoch:
    return Epoch(
        office="office1", number=1, timeline=Timeline(base_ms=BASE_MS, start_ms=0, hz=10), facts=facts
    )


def test_the_facts_are_in_the_first_keyframe() -> None:
    current = epoch().open(View.FULL).current()
    assert (current.seq, current.tick, current.now) == (0, 0, BASE_MS)
    assert current.state["office"] == {
        "id": "office1",
        "name": "Acme",
        "tier": "pro",
        "slots": 10,
        "running": 1,
    }
    assert current.state["desks"]["0"]["execution"] == "execution1"


def test_facts_without_a_name_or_slots_are_refused() -> None:
    with pytest.raises(ValueError, match="expected a SlotsChanged"):
        epoch(FACTS[:1])


def test_every_view_gets_its_own_diff_of_the_same_tick_or_none() -> None:
    one = epoch()
    full, figures = one.open(View.FULL), one.open(View.FIGURES)
    before = full.current().state
    frames = dict(one.step(1, [noted(1, BASE_MS, "reading")]))
    assert list(frames) == [full]
    assert full.current().state["desks"]["0"]["note"] == "reading"
    assert figures.current().state == project(before, "figures")
    frames = dict(one.step(2, [started(2, BASE_MS)]))
    assert set(frames) == {full, figures}
    assert (full.seq, figures.seq) == (2, 1)


def test_a_stream_opened_again_goes_on_above_the_number_at_which_it_was_closed() -> None:
    one = epoch()
    stream = one.open(View.FULL)
    assert one.open(View.FULL) is stream
    one.step(1, [noted(1, BASE_MS, "reading")])
    one.close(View.FULL)
    assert one.step(2, [noted(1, BASE_MS, "writing")]) == []
    again = one.open(View.FULL)
    assert (again.seq, again.current().state["desks"]["0"]["note"]) == (2, "writing")
    assert apply(stream.current().state, {}) != again.current().state


def test_who_runs_on_in_the_next_epoch_keeps_the_desk() -> None:
    one = epoch([*FACTS, started(2, BASE_MS)])
    one.step(1, [ended(1, BASE_MS + 100)])
    facts: list[Input] = [*FACTS[:2], started(2, BASE_MS)]
    rebuilt = Epoch(
        office="office1",
        number=2,
        timeline=Timeline(base_ms=BASE_MS + 60_000, start_ms=60_000, hz=10),
        facts=facts,
        before=one.world,
    )
    desks = rebuilt.open(View.FULL).current().state["desks"]
    assert [key for key, desk in desks.items() if desk["activity"] == "working"] == ["1"]
