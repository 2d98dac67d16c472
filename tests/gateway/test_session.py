from dataclasses import replace
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.gateway.close import Close, End
from server.gateway.protocol import Hello, Level
from server.gateway.session import (
    Check,
    Enter,
    Note,
    Phase,
    Session,
    Show,
    messages_burst_max,
)
from server.model import Identity, Role, Scope, View
from server.ticker.messages import Held

OWNER = Identity(
    account="a", office="office1", role=Role.OWNER, view=View.FULL, scopes=frozenset({Scope.READ})
)
BAD = Close.BAD_MESSAGE


def session() -> Session:
    return Session(message_bytes_max=1_000, now_ms=0)


def say(one: Session, now_ms: int = 0, **message: Any) -> Any:
    return one.receive(orjson.dumps(message).decode(), now_ms)


def live(identity: Identity = OWNER, **hello: Any) -> tuple[Session, Any]:
    one = session()
    say(one, type="hello", **hello)
    return one, one.known(identity, foreign=False)


def code(end: Any) -> Close:
    assert isinstance(end, End)
    return end.close


@pytest.mark.parametrize("offered", [[], ["tendesks.v2"], ["TENDESKS.V1"]])
def test_our_subprotocol_must_be_offered(offered: list[str]) -> None:
    assert code(session().open(offered)) is Close.UNSUPPORTED


def test_our_subprotocol_may_be_one_of_several() -> None:
    assert session().open(["tendesks.v2", "tendesks.v1"]) is None


def test_hello_asks_who_it_is() -> None:
    one = session()
    action = say(one, type="hello", token="t")
    assert action == Check(hello=Hello(token="t", office=None, epoch=None, view=None, seq=None))
    assert one.phase is Phase.CHECKING


def test_a_socket_without_hello_is_not_authenticated_and_one_with_it_is_never_overdue() -> None:
    assert code(session().overdue()) is Close.NOT_AUTHENTICATED
    one, _ = live()
    assert one.overdue() is None


@pytest.mark.parametrize(
    "message", [{"type": "ack", "seq": 1}, {"type": "level", "value": "full"}, {"type": "hi"}, {}]
)
def test_the_first_message_must_be_hello(message: dict[str, Any]) -> None:
    assert code(say(session(), **message)) is BAD


def test_a_second_hello_is_bad() -> None:
    one, _ = live()
    end = say(one, type="hello")
    assert (code(end), end.reason) == (BAD, "expected one hello only, got hello")


@pytest.mark.parametrize(
    ("identity", "foreign", "office", "close"),
    [
        (None, False, None, Close.NOT_AUTHENTICATED),
        (None, True, None, Close.NOT_AUTHENTICATED),
        (OWNER, True, None, Close.FORBIDDEN),
        (replace(OWNER, scopes=frozenset({Scope.SUBMIT})), False, None, Close.FORBIDDEN),
        (OWNER, False, "office2", Close.NOT_FOUND),
    ],
)
def test_who_is_not_let_in(
    identity: Identity | None, foreign: bool, office: str | None, close: Close
) -> None:
    one = session()
    say(one, type="hello", office=office)
    assert code(one.known(identity, foreign=foreign)) is close
    assert one.phase is Phase.ENDED


def test_who_is_let_in_follows_its_own_view_from_what_it_holds() -> None:
    _, action = live(office="office1", epoch=3, view="full", seq=7)
    assert action == Enter(
        identity=OWNER, office="office1", role=Role.OWNER, view=View.FULL,
        held=Held(epoch=3, view=View.FULL, seq=7),
    )  # fmt: skip


@pytest.mark.parametrize("missing", ["epoch", "view", "seq"])
def test_who_does_not_say_what_it_holds_holds_nothing(missing: str) -> None:
    held: dict[str, Any] = {"epoch": 3, "view": "full", "seq": 7}
    del held[missing]
    assert live(**held)[1].held is None


def test_a_view_that_shows_less_may_be_asked_for_and_one_that_shows_more_is_not_given() -> None:
    guest = replace(OWNER, view=View.BATCHES)
    assert live(view="figures")[1].view is View.FIGURES
    assert live(guest, view="full", epoch=1, seq=1)[1].view is View.BATCHES
    assert live(guest)[1].view is View.BATCHES


@given(st.sampled_from(View), st.sampled_from(View))
def test_the_narrower_view_is_one_of_the_two_whichever_comes_first(one: View, other: View) -> None:
    assert one.narrower(other) is other.narrower(one)
    assert one.narrower(other) in {one, other}
    assert one.narrower(View.FIGURES) is View.FIGURES


def test_level_and_ack() -> None:
    one, _ = live()
    assert say(one, type="ack", seq=3) == Note(seq=3)
    assert say(one, type="level", value="hidden") == Show(level=Level.HIDDEN)


def test_a_flood_is_too_many_and_a_steady_two_a_second_never_is() -> None:
    one, other = live()[0], live()[0]
    actions = [say(one, type="ack", seq=0) for _ in range(messages_burst_max)]
    assert actions[:-1] == [Note(seq=0)] * (messages_burst_max - 1)
    assert code(actions[-1]) is Close.TOO_MANY
    assert all(say(other, now_ms=500 * n, type="ack", seq=0) == Note(seq=0) for n in range(1_000))


def test_a_flood_of_nonsense_does_not_pay_either() -> None:
    one = session()
    assert code(one.receive("nonsense", 0)) is BAD
    assert [one.receive("nonsense", 0) for _ in range(100)] == [None] * 100


def test_after_the_end_nothing_is_done() -> None:
    one = session()
    one.fail(Close.INTERNAL)
    assert (say(one, type="hello"), one.overdue(), one.fail(Close.INTERNAL)) == (None, None, None)
    assert one.known(OWNER, foreign=False) is None
