"""A chat is asked with a key of the user's own where there is one, else with the platform's within its ceilings."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from server.errors import InvalidInputError
from server.kinds.ceilings import Ceiling
from server.kinds.chat import ChatKind
from server.kinds.chat_means import ChatMeans
from server.kinds.chat_provider import models_url, own_provider
from server.kinds.chat_request import Request
from server.kinds.own_keys import OwnKey, OwnKeyError
from server.model import ExecutionState, Outcome, Reason
from server.settings import Mode, Settings
from tests.fakes.provider import KEY, Provider, answer, cut, error, providing
from tests.kinds.bodies import Listener, performed, result_of, work
from tests.kinds.chatting import FAILED, asking

OWN = "sk-own-0123456789abcdef"


class Kept:
    """Own keys in a dictionary; satisfies server.kinds.own_keys.OwnKeys."""

    def __init__(self, *keys: OwnKey) -> None:
        self.keys = {key.provider: key for key in keys}
        self.heard: list[tuple[str, str]] = []
        self.asked = 0

    @property
    def some(self) -> bool:
        return bool(self.keys)

    async def find(self, account: str, provider: str | None) -> OwnKey | None:
        self.asked += 1
        if provider is not None and provider not in self.keys:
            raise OwnKeyError(f"there is no own key of {provider}")
        return self.keys.get(provider or "mine")

    async def accepted(self, key: OwnKey) -> None:
        self.heard.append(("accepted", key.version))

    async def rejected(self, key: OwnKey) -> None:
        self.heard.append(("rejected", key.version))


class Counting:
    """Ceilings of the test's own; satisfies server.kinds.ceilings.Ceilings."""

    def __init__(self, ceiling: Ceiling) -> None:
        self.ceiling = ceiling
        self.told: list[tuple[str, int, int]] = []
        self.reserved = 0

    async def reserve(self, account: str, tokens: int) -> Ceiling:
        if self.ceiling.refusal(tokens) is None:
            self.reserved += tokens
        return self.ceiling

    async def spent(self, account: str, reserved: int, tokens: int) -> None:
        self.reserved -= reserved
        self.told.append((account, reserved, tokens))


def own(at: Provider, secret: str = OWN, **changes: str) -> OwnKey:
    key = OwnKey(account=work().account, provider="mine", base=at.base_url, version="v1", secret=secret)
    return replace(key, **changes)


@asynccontextmanager
async def chat(
    folder: Path,
    kept: Kept | None,
    provider: Provider | None,
    ceilings: Counting | None = None,
    **settings: Any,
) -> AsyncIterator[ChatKind]:
    given = {} if provider is None else {"chat_base_url": provider.base_url, "chat_api_key": KEY}
    kind = ChatKind(Settings(data=folder, **given, **settings), kept, ceilings)
    yield kind
    await kind.aclose()


def keys_of(provider: Provider) -> list[str]:
    return [asked.headers.get("authorization", "").removeprefix("Bearer ") for asked in provider.asked]


async def test_an_own_key_is_used_in_place_of_the_platforms(tmp_path: Path) -> None:
    async with providing(keys=[OWN]) as provider:
        kept, listener = Kept(own(provider)), Listener()
        async with chat(tmp_path, kept, provider) as kind:
            assert result_of(await performed(kind, asking(kind), listener))["text"] == "Hello, world."
            assert keys_of(provider) == [OWN]
            assert ("turn", ("own:mine:v1", 4)) in listener.told
            assert kept.heard == [("accepted", "v1")]
            assert "with your own key" in listener.text
            assert OWN not in listener.text + str(listener.told)
            kept.keys.clear()
            await performed(kind, asking(kind), listener)
            assert keys_of(provider) == [OWN, KEY], "deleted, it is used no more"


async def test_an_own_key_is_enough_where_the_operator_has_none(tmp_path: Path) -> None:
    async with providing(key=OWN) as provider, chat(tmp_path, Kept(own(provider)), None) as kind:
        assert result_of(await performed(kind, asking(kind)))["text"] == "Hello, world."
    async with chat(tmp_path, Kept(), None) as kind:
        with pytest.raises(InvalidInputError, match="add a key of your own"):
            asking(kind)
        outcome = await performed(kind, work(kind="chat"))
        assert (outcome.state, outcome.halts) == (FAILED, True)


async def test_a_batch_names_which_of_several(tmp_path: Path) -> None:
    async with providing(keys=[OWN, "sk-second-key-000000"]) as provider:
        kept = Kept(own(provider), own(provider, "sk-second-key-000000", provider="second"))
        async with chat(tmp_path, kept, provider) as kind:
            await performed(kind, asking(kind, {"provider": "second"}))
            assert keys_of(provider) == ["sk-second-key-000000"]
            outcome = await performed(kind, asking(kind, {"provider": "third"}))
            assert (outcome.halts, outcome.message) == (True, "there is no own key of third")
            for wrong in (3, "", "x" * 33):
                with pytest.raises(InvalidInputError, match="provider as the name"):
                    asking(kind, {"provider": wrong})


async def test_a_key_that_is_not_accepted_any_more_halts_its_batch(tmp_path: Path) -> None:
    async with providing() as provider:
        kept, listener = Kept(own(provider)), Listener()
        async with chat(tmp_path, kept, provider) as kind:
            outcome = await performed(kind, asking(kind), listener)
            assert (outcome.reason, outcome.halts) == (Reason.INVALID, True)
            assert "does not accept your own key any more (401)" in (outcome.message or "")
            assert kept.heard == [("rejected", "v1")]
            assert keys_of(provider) == [OWN], "and the platform's is not tried in its place"
            assert OWN not in (outcome.message or "") + listener.text


async def test_the_platforms_key_that_is_not_accepted_is_nobodys_own(tmp_path: Path) -> None:
    async with providing(key="another") as provider, chat(tmp_path, Kept(), provider) as kind:
        outcome = await performed(kind, asking(kind))
        assert "TENDESKS_CHAT_API_KEY" in (outcome.message or "")


async def test_a_key_that_is_deleted_while_its_turn_is_waited_for_is_not_used(tmp_path: Path) -> None:
    class Deleting(Listener):
        async def turn(self, key: str, tokens: int = 0) -> None:
            await super().turn(key, tokens)
            kept.keys.pop("mine", None)

    async with providing(keys=[OWN]) as provider:
        kept, listener = Kept(own(provider)), Deleting()
        async with chat(tmp_path, kept, provider) as kind:
            await performed(kind, asking(kind), listener)
        assert keys_of(provider) == [KEY]
        turns = [told[1][0] for told in listener.told if told[0] == "turn"]
        assert turns == ["own:mine:v1", f"platform:127.0.0.1:{provider.port}"], (
            "the other key has a turn of its own"
        )


async def test_one_under_way_is_let_finish(tmp_path: Path) -> None:
    gate = asyncio.Event()
    begun = asyncio.Event()

    async def slow(exchange: Any) -> None:
        begun.set()
        await gate.wait()
        await answer()(exchange)

    async with providing(slow, keys=[OWN]) as provider:
        kept = Kept(own(provider))
        async with chat(tmp_path, kept, provider) as kind:
            going = asyncio.ensure_future(performed(kind, asking(kind)))
            await begun.wait()
            kept.keys.clear()
            gate.set()
            assert (await going).state is ExecutionState.DONE


async def test_after_a_refusal_for_its_limit_it_is_asked_for_anew(tmp_path: Path) -> None:
    async def refuse(exchange: Any) -> None:
        kept.keys.clear()
        await exchange.error(429, "slow down", code="rate_limit_exceeded", retry_after="0")

    async with providing(refuse, keys=[OWN]) as provider:
        kept = Kept(own(provider))
        async with chat(tmp_path, kept, provider) as kind:
            assert (await performed(kind, asking(kind))).state is ExecutionState.DONE
        assert keys_of(provider) == [OWN, KEY]


async def test_in_hosted_mode_an_own_key_goes_to_the_public_internet_alone(tmp_path: Path) -> None:
    async with providing(keys=[OWN]) as provider:
        async with chat(tmp_path, Kept(own(provider)), provider, mode=Mode.HOSTED) as kind:
            outcome = await performed(kind, asking(kind))
            assert (outcome.state, outcome.reason) == (FAILED, Reason.INVALID)
        assert provider.asked == []


async def test_what_is_taken_of_the_platforms_key_is_counted(tmp_path: Path) -> None:
    ceilings = Counting(Ceiling(tier="Free", task=100, month=1_000, left=900))
    async with providing() as provider, chat(tmp_path, Kept(), provider, ceilings) as kind:
        await performed(kind, asking(kind))
        assert ceilings.told == [(work().account, 4, 16)], "as the provider says"
        provider.plays = [answer(usage=None)]
        await performed(kind, asking(kind))
        assert ceilings.told[1] == (work().account, 4, 4 + 4), "else about what was seen"
        provider.plays = [error(500), cut]
        for _ in range(2):
            await performed(kind, asking(kind))
        assert [tokens for *_, tokens in ceilings.told[2:]] == [0, 5], "what broke off was begun all the same"
        assert ceilings.reserved == 0


async def test_an_own_key_is_counted_by_nobody(tmp_path: Path) -> None:
    ceilings = Counting(Ceiling(tier="Free", task=1, month=1, left=0))
    async with (
        providing(keys=[OWN]) as provider,
        chat(tmp_path, Kept(own(provider)), provider, ceilings) as kind,
    ):
        assert (await performed(kind, asking(kind))).state is ExecutionState.DONE
    assert ceilings.told == []


@pytest.mark.parametrize(
    ("ceiling", "said", "halts"),
    [
        (Ceiling(tier="Free", task=3), "Free has 3 for each task", False),
        (Ceiling(tier="Free", month=10, left=3), "the month's 10 tokens of Free", True),
    ],
)
async def test_what_is_beyond_a_ceiling_is_not_asked(
    tmp_path: Path, ceiling: Ceiling, said: str, halts: bool
) -> None:
    async with providing() as provider, chat(tmp_path, None, provider, Counting(ceiling)) as kind:
        outcome = await performed(kind, asking(kind))
        assert (outcome.reason, outcome.halts, outcome.retryable) == (Reason.LIMIT, halts, False)
        assert said in (outcome.message or "")
        assert provider.asked == []


async def test_an_answer_that_goes_beyond_is_broken_off_and_counted(tmp_path: Path) -> None:
    ceilings = Counting(Ceiling(tier="Free", task=24))
    async with providing(answer(["x"] * 500)) as provider, chat(tmp_path, None, provider, ceilings) as kind:
        outcome = await performed(kind, asking(kind))
    assert (outcome.reason, outcome.retryable) == (Reason.LIMIT, False)
    assert "at most 20 tokens (chat_tokens_task of the plan)" in (outcome.message or "")
    ((_, reserved, tokens),) = ceilings.told
    assert (reserved, tokens) == (4, 24)


async def test_a_cancelled_one_gives_back_what_it_reserved(tmp_path: Path) -> None:
    async def silent(exchange: Any) -> None:
        begun.set()
        await asyncio.Event().wait()

    begun = asyncio.Event()
    ceilings = Counting(Ceiling(tier="Free", month=1_000, left=1_000))
    async with providing(silent) as provider, chat(tmp_path, None, provider, ceilings) as kind:
        going = asyncio.ensure_future(performed(kind, asking(kind)))
        task = asyncio.ensure_future(kind.perform(asking(kind), Listener()))
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        going.cancel()
    assert (work().account, 4, 0) in ceilings.told


def test_the_parts_of_a_request(tmp_path: Path) -> None:
    assert models_url("https://x/v1/?api-version=1") == "https://x/v1/models?api-version=1"
    key = OwnKey(account="a", provider="mine", base="https://x/v1", version="v9", secret=OWN)
    found = own_provider(key)
    assert (found.url, found.key, found.own) == ("https://x/v1/chat/completions", "own:mine:v9", True)
    assert OWN not in repr((key, found))
    assert Request(body=b"", prompt=3, expected=None, bytes_max=1).tokens == 3
    with pytest.raises(InvalidInputError):
        ChatMeans(Settings(data=tmp_path), None).check()
    assert isinstance(OwnKeyError("x").outcome(), Outcome)
