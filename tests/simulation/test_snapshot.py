"""The state as interface.md section 5 has it: its fields, its limits, and what ticks share."""

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

import orjson
import pytest

from simulation.desk import Activity, Desk, Walk
from simulation.execution import Execution
from simulation.fields import FIELDS, Kind
from simulation.inputs import BatchChanged, Input, OfficeChanged, QueueChanged, QuotaChanged, SlotsChanged
from simulation.places import NODES
from simulation.progress import Progress
from simulation.snapshot import (
    batches_max,
    chosen,
    keyframe_bytes_max,
    shown_max,
    snapshot,
    snapshot_after,
    text_bytes_max,
)
from simulation.world import World
from tests.simulation.facts import BASE_MS, at, batch, end, ms, office, queue, say, start, wait
from tests.simulation.histories import History, lived


def leaves(value: object, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every value that is no object, with its path; desks, batches and executions as a star."""
    if not isinstance(value, dict):
        yield path, value
        return
    starred = path in {"desks", "batches", "overflow.shown"}
    for key, inner in value.items():
        yield from leaves(inner, f"{path}.{'*' if starred else key}".removeprefix("."))


def objects(value: dict[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    starred = path in {"desks", "batches", "overflow.shown"}
    yield path, value
    for key, inner in value.items():
        if isinstance(inner, dict):
            yield from objects(inner, f"{path}.{'*' if starred else key}".removeprefix("."))


def is_count(value: object) -> bool:
    return type(value) is int and 0 <= value < 10**9


def is_moment(value: object) -> bool:
    return type(value) is int and 10**12 <= value < 10**13


def is_word(value: object) -> bool:
    return type(value) is str and 0 < len(value) <= 16 and value.isascii()


HOLDS = {
    Kind.ID: is_word,
    Kind.WORD: is_word,
    Kind.TEXT: lambda value: type(value) is str and 0 < len(value) <= 120,
    Kind.COUNT: is_count,
    Kind.MOMENT: is_moment,
    Kind.COUNTS: lambda value: len(value) == 2 and all(map(is_count, value)),
    Kind.MOMENTS: lambda value: len(value) == 2 and all(map(is_moment, value)),
    Kind.PROGRESS: lambda value: (
        len(value) == 4
        and is_moment(value[0])
        and value[1] in range(1001)
        and is_count(value[2])
        and value[3] in (0, 1)
    ),
    Kind.PACE: lambda value: 1 < len(value) <= 21 and is_moment(value[0]) and all(map(is_count, value[1:])),
    Kind.PATH: lambda value: (
        len(value) == 4 and {value[0], value[1]} <= NODES.keys() and all(map(is_moment, value[2:]))
    ),
}


def all_states() -> Iterator[dict[str, Any]]:
    for seed in range(60):
        for world, _ in lived(History(seed=seed, length=30)):
            yield snapshot(world)


def test_the_table_knows_every_field_and_every_field_occurs() -> None:
    found = set()
    for state in all_states():
        for path, value in leaves(state):
            assert path in FIELDS, f"{path} is not in the table"
            assert HOLDS[FIELDS[path].kind](value), f"{path}: {value!r} is not {FIELDS[path].kind.value}"
            found.add(path)
    # It takes eleven batches that finished within the hour, more than those histories have.
    world = at(office(), 0, *(batch(f"b{number}", state="done", ended=0) for number in range(11)))
    found |= {path for path, _ in leaves(snapshot(world))}
    assert found == FIELDS.keys()


def test_what_is_always_there_is_always_there() -> None:
    for state in all_states():
        assert {"office", "desks", "overflow", "queue", "batches"} <= state.keys()
        for path, part in objects(state):
            always = {
                row.rpartition(".")[2]
                for row, field in FIELDS.items()
                if field.always and row.rpartition(".")[0] == path
            }
            assert always <= part.keys()


def test_a_new_office_as_it_is_sent() -> None:
    state = snapshot(office(1))
    assert state == {
        "office": {"id": "office1", "name": "Northwind", "tier": "pro", "slots": 1, "running": 0},
        "desks": state["desks"],
        "overflow": {"count": 0, "shown": {}},
        "queue": {"waiting": 0},
        "batches": {},
    }
    assert list(state["desks"]) == list("0123456789")
    assert state["desks"]["0"] == {"worker": "Ada", "activity": "idle", "since": BASE_MS}
    assert state["desks"]["9"] == {"worker": "Juno", "activity": "off", "since": BASE_MS}


def test_one_at_work_as_it_is_sent() -> None:
    world = at(office(), 1, start("one", 0.9, guess=60_000))
    world = at(world, 5, say("one", 5, 410, left_ms=8_000, note="reading"))
    assert snapshot(world)["desks"]["0"] == {
        "worker": "Ada",
        "activity": "working",
        "since": ms(0.9),
        "execution": "one",
        "task": "task-one",
        "batch": "batch1",
        "title": "Acme Corp",
        "attempt": [1, 3],
        "note": "reading",
        "progress": [ms(5), 410, 8_000, 1],
    }


def test_waiting_and_ended_ones_show_no_bar_and_no_stale_word() -> None:
    world = at(office(), 1, start("one", 0.9, guess=60_000))
    world = at(world, 2, say("one", 2, note="reading"))
    waits = snapshot(at(world, 5, wait("one", 9)))["desks"]["0"]
    assert (waits["activity"], waits["since"], waits["until"], waits["note"]) == (
        "waiting",
        ms(5),
        ms(9),
        "reading",
    )
    assert "progress" not in waits
    failed = snapshot(at(world, 6, end("one", 6, "failed", reason="exit", retry=60)))["desks"]["0"]
    assert (failed["reason"], failed["until"], failed["title"]) == ("exit", ms(60), "Acme Corp")
    assert not {"progress", "note"} & failed.keys()


def test_what_is_empty_is_absent() -> None:
    world = at(office(), 1, start("one", title=""), OfficeChanged(name="", tier="pro"), batch("b1", title=""))
    state = snapshot(world)
    assert "name" not in state["office"]
    assert "title" not in state["desks"]["0"]
    assert "name" not in state["batches"]["b1"]


def test_queue_and_quota_as_they_are_sent() -> None:
    told: list[Input] = [
        QueueChanged(
            waiting=52,
            perhour=186,
            eta_ms=(ms(60), ms(90)),
            blocked="quota",
            until_ms=ms(99),
            pace=(ms(60), 3, 0, 4),
        ),
        QuotaChanged(used=7, limit=50, resets_ms=ms(99)),
    ]
    state = snapshot(at(office(), 1, *told))
    eta = [ms(60), ms(90)]
    assert state["queue"] == {
        "waiting": 52, "perhour": 186, "pace": [ms(60), 3, 0, 4], "eta": eta, "blocked": "quota", "until": ms(99),
    }  # fmt: skip
    assert state["quota"] == {"used": 7, "limit": 50, "resets": ms(99)}


def test_upstairs_shows_the_twenty_oldest() -> None:
    world = at(office(50), 99, *(start(f"e{number:02}", number) for number in range(45)))
    overflow = snapshot(world)["overflow"]
    assert overflow["count"] == 35
    assert list(overflow["shown"]) == [f"e{number}" for number in range(10, 30)]
    assert overflow["shown"]["e10"] == {"title": "Acme Corp", "batch": "batch1", "since": ms(10)}


def test_sixty_batches_and_a_count_of_the_rest() -> None:
    unfinished = [batch(f"u{n:03}", order=n, state="running" if n % 9 == 0 else "queued") for n in range(70)]
    finished = [batch(f"f{n:03}", order=100 + n, state="done", ended=n) for n in range(15)]
    state = snapshot(at(office(), 20, *unfinished, *finished))
    running = [f"u{n:03}" for n in range(0, 70, 9)]
    oldest = [f"u{n:03}" for n in range(70) if n % 9]
    latest = [f"f{n:03}" for n in range(14, 4, -1)]
    assert list(state["batches"]) == [*running, *oldest][:50] + latest
    assert len(state["batches"]) == batches_max
    assert state["office"]["more"] == 25


def test_unfinished_batches_may_fill_what_finished_ones_leave() -> None:
    many = {f"u{n:03}": batch(f"u{n:03}", order=n) for n in range(70)}
    assert [shown.batch for shown in chosen(many)] == [f"u{n:03}" for n in range(60)]


WIDEST = 120 * "\x00"
ID = 16 * "a"


def widest_execution(number: int, text: str = WIDEST) -> Execution:
    began = replace(start(f"{number:016}", title=text), task=ID, batch=ID, attempt=99, attempts=99)
    bar = Progress(at_ms=BASE_MS, permille=1000, remaining_ms=999_999_999, reported=True)
    return Execution(began=began, progress=bar, note=text, until_ms=BASE_MS)


def widest_desk(number: int, text: str) -> Desk:
    """More than a desk can ever show at once: at work, on the way back, failed and to be tried again."""
    return Desk(
        number=number,
        activity=Activity.WORKING,
        since_ms=BASE_MS,
        execution=widest_execution(number, text),
        reason=ID,
        place="beanbag-1",
        walk=Walk(origin="beanbag-1", goal="desk-0", start_ms=BASE_MS, end_ms=BASE_MS, end_tick=1),
    )


def widest_world(batches: int, upstairs: int, text: str) -> World:
    most = 999_999_999
    whole = BatchChanged(
        batch=ID,
        name=text,
        state="cancelled",
        total=most,
        done=most,
        failed=most,
        running=most,
        order=most,
        eta_ms=(BASE_MS, BASE_MS),
        ended_ms=None,
    )
    return replace(
        at(office(), 0, queue(0)),
        office=ID,
        name=text,
        tier=ID,
        slots=most,
        desks=tuple(widest_desk(number, text) for number in range(10)),
        unseated=tuple(widest_execution(100 + number, text) for number in range(upstairs)),
        batches={f"{number:016}": replace(whole, batch=f"{number:016}") for number in range(batches)},
        queue=QueueChanged(
            waiting=most,
            perhour=most,
            eta_ms=(BASE_MS, BASE_MS),
            blocked=ID,
            until_ms=BASE_MS,
            pace=(BASE_MS, *[most] * 20),
        ),
        quota=QuotaChanged(used=most, limit=most, resets_ms=BASE_MS),
        last_end_ms=BASE_MS,
    )


def message(state: dict[str, Any]) -> bytes:
    most = 999_999_999
    return orjson.dumps({"type": "keyframe", "seq": most, "tick": most, "now": BASE_MS, "state": state})


@pytest.mark.parametrize(
    "text", [WIDEST, 120 * "👩", 120 * '"', 120 * "x"], ids=["control", "emoji", "quote", "plain"]
)
def test_no_keyframe_is_longer_than_its_limit(text: str) -> None:
    longest = 0
    for batches, upstairs in product((0, 1, 5, 17, 30, 45, 59, 60, 90), (0, 1, 7, 19, 20, 40)):
        world = widest_world(batches, upstairs, text)
        state = snapshot(world)
        assert len(state["batches"]) == min(batches, batches_max)
        assert len(state["overflow"]["shown"]) == min(upstairs, shown_max)
        longest = max(longest, len(message(state)))
    assert longest <= keyframe_bytes_max
    assert longest > keyframe_bytes_max * 3 // 4, "the limit would cut more than it must"


def test_every_count_of_batches_and_upstairs_has_a_limit_for_its_texts() -> None:
    for batches, upstairs in product(range(batches_max + 1), range(shown_max + 1)):
        world = replace(
            office(),
            batches=dict.fromkeys(map(str, range(batches)), batch("b1")),
            unseated=(widest_execution(0),) * upstairs,
        )
        assert text_bytes_max(world) >= 156, "plain titles of 120 characters are never cut below that"


def test_texts_are_whole_while_there_is_little_to_show() -> None:
    desk = snapshot(widest_world(9, 0, 120 * "👩"))["desks"]["0"]
    assert (desk["title"], desk["note"]) == (120 * "👩", 120 * "👩")
    assert snapshot(widest_world(60, 20, 120 * "x"))["desks"]["0"]["title"] == 120 * "x"


def shared(before: World, after: World) -> tuple[dict[str, Any], dict[str, Any]]:
    state = snapshot(before)
    return state, snapshot_after(before, state, after)


def test_what_has_not_changed_is_the_same_object() -> None:
    world = at(
        office(50), 1, *(start(f"e{number:02}", number) for number in range(30)), batch("b1"), batch("b2")
    )
    state, moved = shared(world, at(world, 2, say("e03", 2, note="reading"), batch("b2", state="paused")))
    assert [key for key in state["desks"] if moved["desks"][key] is not state["desks"][key]] == ["3"]
    assert moved["overflow"] is state["overflow"]
    assert moved["batches"]["b1"] is state["batches"]["b1"]
    assert moved["batches"]["b2"]["state"] == "paused"
    state, moved = shared(world, at(world, 2, end("e29", 2)))
    assert moved["batches"] is state["batches"]
    assert moved["overflow"]["shown"]["e11"] is state["overflow"]["shown"]["e11"]


def test_a_new_limit_cuts_all_texts_anew() -> None:
    wide = [start(f"e{number:02}", number, title=200 * "\x00") for number in range(10)]
    before = at(office(50), 1, *wide)
    after = at(
        before, 2, *(batch(f"b{number:02}", order=number) for number in range(60)), SlotsChanged(slots=9)
    )
    state, moved = shared(before, after)
    assert len(state["desks"]["0"]["title"]) == 120
    assert len(moved["desks"]["0"]["title"]) < 120
    assert json.dumps(moved) == json.dumps(snapshot(after))
