import pytest

from server.accounts import callers as module
from server.accounts.callers import Callers
from server.model import Credential
from tests.fakes.clock import FakeClock


def credential(id_: str = "t1", expires_ms: int | None = None) -> Credential:
    return Credential(id=id_, session=True, expires_ms=expires_ms)


def test_a_socket_ends_with_its_token_and_no_other_does(clock: FakeClock) -> None:
    callers, heard = Callers(clock), []
    for name in ("t1", "t1", "t2"):
        callers.enter(credential(name), callers.stamp, lambda gone, name=name: heard.append((name, gone)))
    callers.end(["t1"])
    assert heard == [("t1", True), ("t1", True)]
    callers.end(["t1"])
    callers.renew(["t2"])
    assert heard[2:] == [("t2", False)]


async def test_a_socket_ends_with_its_tokens_time(clock: FakeClock) -> None:
    callers, heard = Callers(clock), []
    callers.enter(credential(expires_ms=clock.now_ms() + 1_000), callers.stamp, heard.append)
    gone = callers.enter(credential(expires_ms=clock.now_ms() + 1_000), callers.stamp, heard.append)
    assert gone is not None
    callers.leave(gone)
    await clock.advance(999)
    assert heard == []
    await clock.advance(1)
    assert heard == [True]


def test_whoever_was_looked_up_before_a_change_does_not_come_in_after_it(clock: FakeClock) -> None:
    callers = Callers(clock)
    before = callers.stamp
    callers.end(["t1"])
    assert callers.enter(credential(), before, lambda _gone: None) is None
    assert callers.enter(credential("t2"), before, lambda _gone: None) is not None
    assert callers.enter(credential(), callers.stamp, lambda _gone: None) is not None


def test_changes_are_remembered_for_a_while(clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "changes_max", 2)
    callers = Callers(clock)
    callers.end(["t1", "t2", "t3"])
    entered = [callers.enter(credential(name), 0, lambda _gone: None) is None for name in ("t1", "t2", "t3")]
    assert entered == [False, True, True]
