import asyncio

import pytest
from structlog.testing import capture_logs

from server.accounts import postroom
from server.accounts.mail import Mail, relay_of
from server.accounts.postroom import PostRoom
from server.errors import UnavailableError
from tests.fakes.clock import FakeClock
from tests.fakes.smtp import mailbox


async def letter(text: str = "#signin=tdl_secret") -> Mail:
    return Mail(to="ada@example.org", subject="Hello", text=text)


async def test_letters_are_sent_in_their_order(clock: FakeClock) -> None:
    with mailbox() as box:
        post = PostRoom(clock, relay_of(box.url), "desk@desk.example")
        for number in range(3):
            text = str(number)
            post.put(lambda text=text: letter(text))
        post.begin()
        await post.settled()
        assert [box.next().get_content().strip() for _ in range(3)] == ["0", "1", "2"]
        await post.stop()


async def test_what_cannot_be_written_or_sent_holds_up_nothing_and_the_log_has_no_secret(
    clock: FakeClock,
) -> None:
    async def nothing() -> None:
        return None

    async def broken() -> Mail:
        raise OSError("no store")

    async def defect() -> Mail:
        raise RuntimeError("a defect")

    with mailbox() as box, capture_logs() as logs:
        post = PostRoom(clock, relay_of(box.url), "desk@desk.example")
        box.refusals = 1
        for write in (nothing, broken, defect, letter, letter):
            post.put(write)
        post.begin()
        waiting = asyncio.ensure_future(post.settled())
        while not waiting.done():
            await asyncio.sleep(0.01)  # the SMTP server is real, and so is its time
            await clock.advance(1_000)
        assert [box.next()["To"] for _ in range(2)] == ["ada@example.org"] * 2
        assert box.empty
        await post.stop()
    assert [entry["event"] for entry in logs] == [
        "letter.not_written",
        "letter.not_written",
        "letter.not_sent",
    ]
    assert "tdl_secret" not in str(logs)
    assert "ada@example.org" not in str(logs)


async def test_only_so_many_letters_wait(clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postroom, "letters_waiting_max", 2)
    post = PostRoom(clock, relay_of("smtp://127.0.0.1:1"), "desk@desk.example")
    post.put(letter)
    post.put(letter)
    with pytest.raises(UnavailableError, match="letters_waiting_max: expected at most 2"):
        post.put(letter)
    await post.stop()
