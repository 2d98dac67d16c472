from typing import Any

import orjson
import pytest

from server.cli.replica import GapError, Replica

HELLO = {"type": "hello", "epoch": 7, "view": "full", "seq": 4, "now": 1_000, "hz": 10, "role": "owner"}
KEYFRAME = {"type": "keyframe", "seq": 4, "tick": 40, "now": 1_000, "state": {"a": {"b": 1, "c": 2}}}


def fed(*messages: dict[str, Any]) -> Replica:
    replica = Replica()
    for message in messages:
        replica.receive(orjson.dumps(message), 900)
    return replica


def diff(seq: int, **patch: Any) -> dict[str, Any]:
    return {"type": "diff", "seq": seq, "tick": seq * 10, "patch": patch}


def test_a_keyframe_and_its_diffs_give_the_state() -> None:
    replica = fed(HELLO, KEYFRAME, diff(5, a={"b": None, "d": 3}), diff(6, e=[1]))
    assert replica.state == {"a": {"c": 2, "d": 3}, "e": [1]}
    assert replica.seq == 6
    assert replica.ahead_ms == 100


def test_the_first_hello_asks_for_everything_and_a_later_one_for_the_rest() -> None:
    assert orjson.loads(Replica().hello("t")) == {"type": "hello", "token": "t"}
    held = orjson.loads(fed(HELLO, KEYFRAME, diff(5, x=1)).hello(None))
    assert held == {"type": "hello", "epoch": 7, "view": "full", "seq": 5}


@pytest.mark.parametrize("message", [diff(6, x=1), diff(4, x=1), {"type": "resumed", "from": 3, "to": 5}])
def test_what_does_not_follow_is_refused(message: dict[str, Any]) -> None:
    replica = fed(HELLO, KEYFRAME)
    with pytest.raises(GapError):
        replica.receive(orjson.dumps(message), 900)


def test_a_diff_without_a_keyframe_is_refused() -> None:
    with pytest.raises(GapError):
        fed(HELLO, diff(5, x=1))


def test_going_on_where_it_stopped_keeps_the_state() -> None:
    replica = fed(HELLO, KEYFRAME, HELLO | {"seq": 5}, {"type": "resumed", "from": 4, "to": 5}, diff(5, x=1))
    assert replica.state == {"a": {"b": 1, "c": 2}, "x": 1}


def test_another_epoch_starts_from_nothing() -> None:
    replica = fed(HELLO, KEYFRAME, HELLO | {"epoch": 8})
    assert replica.state is None
    assert orjson.loads(replica.hello(None)) == {"type": "hello"}


def test_what_is_not_about_the_state_changes_nothing() -> None:
    replica = fed(HELLO, KEYFRAME)
    for message in ({"type": "clock", "now": 5_000, "seq": 4}, {"type": "viewers", "count": 2}):
        assert replica.receive(orjson.dumps(message), 1_000) is False
    assert replica.ahead_ms == 4_000
    assert orjson.loads(replica.ack()) == {"type": "ack", "seq": 4}
