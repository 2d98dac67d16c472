"""The golden frames are what the simulation makes today, byte for byte; the web client's tests read the same files."""

import json
from typing import Any

import pytest

from simulation.patch import apply
from tests.contract.plays import PLAYS, Play
from tests.contract.write_golden import GOLDEN, golden

plays = pytest.mark.parametrize("play", [make() for make in PLAYS], ids=lambda play: play.name)


def read(name: str) -> dict[str, Any]:
    return json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))


def states(name: str) -> list[dict[str, Any]]:
    """The state after the keyframe and after every diff."""
    told = read(name)
    after = [told["keyframe"]["state"]]
    for diff in told["diffs"]:
        after.append(apply(after[-1], diff["patch"]))
    return after


@plays
def test_frames_are_the_same_byte_for_byte(play: Play) -> None:
    kept = (GOLDEN / f"{play.name}.json").read_bytes()
    assert golden(play).encode() == kept, "if the change is meant: python -m tests.contract.write_golden"


@plays
def test_diffs_are_numbered_and_lead_to_the_final_state(play: Play) -> None:
    told = read(play.name)
    frames = [told["keyframe"], *told["diffs"]]
    assert [frame["seq"] for frame in frames] == list(range(len(frames)))
    ticks = [frame["tick"] for frame in frames]
    assert ticks == sorted(set(ticks))
    assert states(play.name)[-1] == told["final"]


def test_no_file_is_left_over() -> None:
    assert sorted(path.stem for path in GOLDEN.iterdir()) == sorted(make().name for make in PLAYS)


def test_a_quiet_office_is_idle_and_its_one_person_strolls() -> None:
    assert {state["office"]["running"] for state in states("quiet")} == {0}
    assert {key for diff in read("quiet")["diffs"] for key in diff["patch"]["desks"]} == {"0"}


def test_the_batch_on_starter_is_finished_with_three_at_a_time() -> None:
    seen = states("starter")
    assert max(state["office"]["running"] for state in seen) == 3
    assert seen[-1]["batches"]["batch001"]["done"] == 12
    assert seen[-1]["office"]["finished"]


def test_overflow_reaches_27() -> None:
    seen = states("overflow")
    most = max(seen, key=lambda state: state["overflow"]["count"])
    assert most["overflow"]["count"] == 27
    assert len(most["overflow"]["shown"]) == 20
    assert most["office"]["running"] == 37
    assert seen[-1]["overflow"] == {"count": 0, "shown": {}}


def test_failures_show_the_retry_the_reason_and_the_wait() -> None:
    desks = [desk for state in states("failures") for desk in state["desks"].values()]
    failed = [desk for desk in desks if desk["activity"] == "failed"]
    assert {desk["reason"] for desk in failed} == {"timeout", "exit", "unreachable"}
    assert {desk.get("until", 0) > desk["since"] for desk in failed} == {True, False}
    assert any(desk["activity"] == "waiting" and "progress" not in desk for desk in desks)
    assert any(desk.get("attempt") == [2, 2] for desk in desks)


def test_the_downgrade_keeps_ten_desks_busy_while_anyone_is_upstairs() -> None:
    seen = states("downgrade")
    slots = [state["office"]["slots"] for state in seen]
    assert (slots[0], slots[-1]) == (50, 1)
    assert all(state["office"]["running"] >= 10 for state in seen if state["overflow"]["count"])
    assert [desk["activity"] for desk in seen[-1]["desks"].values()] == ["working"] + 9 * ["off"]


def test_strollers_are_called_back_to_work() -> None:
    desks = [desk for state in states("strolls") for desk in state["desks"].values()]
    assert any("place" in desk for desk in desks)
    assert any("path" in desk and desk["activity"] == "working" for desk in desks)
    assert any("path" in desk and desk["activity"] == "off" for desk in desks)
