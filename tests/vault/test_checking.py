"""One cheap question to the provider, and none to whom nobody may talk."""

from pathlib import Path

import pytest

from server.clock import SystemClock
from server.errors import InvalidInputError, KeyRefusedError
from server.settings import Mode, Settings
from server.vault.checking import ANSWER_MS, Checking, checks_per_minute_max
from tests.fakes.clock import FakeClock
from tests.fakes.listening import listening
from tests.fakes.provider import KEY, providing


async def test_accepted_refused_and_nobody_can_tell(tmp_path: Path) -> None:
    checking = Checking(Settings(data=tmp_path), SystemClock())
    async with providing() as provider:
        assert await checking.accepted("a1", provider.base_url, KEY)
        with pytest.raises(KeyRefusedError):
            await checking.accepted("a1", provider.base_url, "sk-another")
        provider.models_status = 404
        assert not await checking.accepted("a1", f"{provider.base_url}/?x=1", KEY)
        assert provider.asked[-1].path == "/v1/models"
        assert provider.asked[-1].query == "x=1"
    assert not await checking.accepted("a1", provider.base_url, KEY)
    await checking.aclose()


@pytest.mark.parametrize("base", ["https://127.0.0.1:1/v1", "https://169.254.169.254/v1", "https://[::1]/v1"])
async def test_in_hosted_mode_only_the_public_internet_is_asked(tmp_path: Path, base: str) -> None:
    checking = Checking(Settings(data=tmp_path, mode=Mode.HOSTED), SystemClock())
    with pytest.raises(InvalidInputError):
        await checking.accepted("a1", base, KEY)
    await checking.aclose()


async def test_who_says_nothing_is_waited_for_so_long(tmp_path: Path) -> None:
    clock = FakeClock()
    checking = Checking(Settings(data=tmp_path), clock)

    async def silent(scope: object, receive: object, send: object) -> None:
        await clock.advance(ANSWER_MS)

    async with listening(silent) as port:
        assert not await checking.accepted("a1", f"http://127.0.0.1:{port}/v1", KEY)
    await checking.aclose()


async def test_a_minute_later_one_may_ask_again(tmp_path: Path) -> None:
    clock = FakeClock()
    checking = Checking(Settings(data=tmp_path), clock)
    for _ in range(checks_per_minute_max):
        checking._count("a1")
    await clock.advance(59_999)
    with pytest.raises(Exception, match="checks_per_minute_max"):
        checking._count("a1")
    await clock.advance(1)
    checking._count("a1")
