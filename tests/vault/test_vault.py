"""Keys go in, are used for their owner alone, and one that is bad stands in nobody else's way."""

import secrets

import pytest

from server.errors import KeyRefusedError, LimitExceededError, NotFoundError, TooManyError
from server.kinds.own_keys import OwnKeyError
from server.store.keys import KeyState
from server.vault.checking import checks_per_minute_max
from server.vault.keyring import Keyring, fresh
from server.vault.vault import USED_EVERY_MS, keys_per_account_max, record_of, sealed_of
from tests.fakes.listening import listening
from tests.vault.conftest import OTHER, SECRET, Strongroom


async def test_a_key_is_checked_once_sealed_and_found_again(room: Strongroom) -> None:
    row = await room.put()
    assert (row.state, row.last, row.checked_ms) == (KeyState.OK, SECRET[-4:], room.clock.now_ms())
    assert [(asked.path, asked.headers["authorization"]) for asked in room.provider.asked] == [
        ("/v1/models", f"Bearer {SECRET}")
    ]
    key = await room.find()
    assert (key.secret, key.base, key.provider) == (SECRET, room.provider.base_url, "here")
    assert await room.find(provider="here") == key
    assert len(room.provider.asked) == 1
    assert room.changed == ["a1"]
    assert await room.deeds() == [("a1", "owner", "key.put", "here")]


async def test_no_row_and_no_word_holds_the_secret(room: Strongroom) -> None:
    row = await room.put()
    for table in ("own_keys", "audit", "meta"):
        assert SECRET not in str(await room.select(f"SELECT * FROM {table}"))
    key = await room.find()
    assert SECRET not in repr((row, key, sealed_of(row), record_of(row), room.vault.ring))


async def test_nobody_elses_key_is_found(room: Strongroom) -> None:
    await room.put("a1")
    assert await room.vault.find("a2", None) is None
    assert await room.vault.find("nobody", None) is None
    with pytest.raises(OwnKeyError, match="there is no own key of here"):
        await room.vault.find("a2", "here")


async def test_a_key_that_is_refused_is_not_stored(room: Strongroom) -> None:
    await room.put()
    with pytest.raises(KeyRefusedError, match=r"does not accept this key \(401\)") as caught:
        await room.put(secret="sk-wrong-0123456789abcdef")
    assert "sk-wrong" not in caught.value.detail
    assert (await room.find()).secret == SECRET, "the one before is still there"


@pytest.mark.parametrize("status", [403, 404, 429, 500, 302])
async def test_what_is_no_refusal_leaves_it_unchecked(room: Strongroom, status: int) -> None:
    room.provider.models_status = status
    row = await room.put()
    assert (row.state, row.checked_ms) == (KeyState.OK, None)
    await room.vault.accepted(await room.find())
    ((checked_ms, used_ms),) = await room.select("SELECT checked_ms, used_ms FROM own_keys")
    assert checked_ms == used_ms == room.clock.now_ms()


async def test_a_provider_that_is_not_there_leaves_it_unchecked(room: Strongroom) -> None:
    async with listening(room.provider) as port:
        pass  # nobody listens there any more
    row = await room.put(base=f"http://127.0.0.1:{port}/v1")
    assert (row.state, row.checked_ms) == (KeyState.OK, None)


async def test_the_one_before_is_replaced_and_its_version_with_it(room: Strongroom) -> None:
    await room.put()
    before = await room.find()
    await room.put(secret=OTHER)
    after = await room.find()
    assert (after.secret, len(await room.vault.list("a1"))) == (OTHER, 1)
    assert after.version != before.version
    assert after.name != before.name
    await room.vault.rejected(before)  # by a request that was under way with the old one
    assert (await room.find()).secret == OTHER


async def test_a_deleted_key_is_gone_at_once(room: Strongroom) -> None:
    await room.put()
    await room.vault.delete("a1", "here", actor="owner")
    assert await room.vault.find("a1", None) is None
    assert await room.select("SELECT * FROM own_keys") == []
    with pytest.raises(NotFoundError):
        await room.vault.delete("a1", "here", actor="owner")
    assert room.changed == ["a1", "a1"]
    assert [what for _, _, what, _ in await room.deeds()] == ["key.put", "key.deleted"]


async def test_of_several_one_has_to_be_named(room: Strongroom) -> None:
    await room.put(provider="one")
    await room.put(provider="two", secret=OTHER)
    with pytest.raises(OwnKeyError, match="expected one of one, two"):
        await room.vault.find("a1", None)
    assert (await room.find(provider="two")).secret == OTHER


async def test_a_rejected_key_is_used_no_more_and_nothing_takes_its_place(room: Strongroom) -> None:
    await room.put()
    key = await room.find()
    await room.vault.rejected(key)
    await room.vault.rejected(key)
    with pytest.raises(OwnKeyError, match="does not accept your own key any more") as caught:
        await room.vault.find("a1", None)
    assert caught.value.outcome().halts
    assert [what for _, _, what, _ in await room.deeds()] == ["key.put", "key.rejected"], "said once"
    await room.vault.accepted(key)  # by a request that was under way when it was rejected
    assert [row.state for row in await room.vault.list("a1")] == [KeyState.REJECTED]
    await room.put(secret=OTHER)
    assert (await room.find()).secret == OTHER


@pytest.mark.parametrize(
    "tampered",
    [
        "UPDATE own_keys SET body = zeroblob(40) WHERE account = 'a1'",
        "UPDATE own_keys SET wrapped = x'00' WHERE account = 'a1'",
        "UPDATE own_keys SET base = 'https://evil.example/v1' WHERE account = 'a1'",
        "UPDATE own_keys SET version = 'another' WHERE account = 'a1'",
        "UPDATE own_keys SET body = (SELECT body FROM own_keys WHERE account = 'a2') WHERE account = 'a1'",
        "UPDATE own_keys SET (wrapped, body, version) = (SELECT wrapped, body, version FROM own_keys WHERE account = 'a2')",
    ],
)
async def test_a_row_that_was_changed_or_moved_breaks_nothing_else(room: Strongroom, tampered: str) -> None:
    await room.put("a1")
    await room.put("a2", secret=OTHER)
    await room.execute(tampered)
    with pytest.raises(OwnKeyError, match="cannot be opened on this server"):
        await room.vault.find("a1", None)
    assert [row.state for row in await room.vault.list("a1")] == [KeyState.UNDECRYPTABLE]
    assert (await room.find("a2")).secret == OTHER
    assert room.changed == ["a1", "a2", "a1"]
    assert (await room.deeds())[-1] == ("a1", "server", "key.undecryptable", "here")
    await room.put("a1")
    assert (await room.find("a1")).secret == SECRET, "put in again, it is good again"


async def test_without_its_master_key_nothing_opens(room: Strongroom) -> None:
    await room.put()
    other = room.again(fresh("k2"))
    await other.begin()
    with pytest.raises(OwnKeyError, match="cannot be opened"):
        await other.find("a1", None)
    same_name = room.again(Keyring(masters={"k1": secrets.token_bytes(32)}))
    await room.execute("UPDATE own_keys SET state = 'ok'")
    await same_name.begin()
    with pytest.raises(OwnKeyError, match="cannot be opened"):
        await same_name.find("a1", None)


async def test_a_plan_without_own_keys_uses_none_and_keeps_them(room: Strongroom) -> None:
    await room.put("a1")
    await room.execute("UPDATE accounts SET tier = 'free' WHERE id = 'a1'")
    assert await room.vault.find("a1", None) is None
    with pytest.raises(OwnKeyError, match="the plan has no own keys"):
        await room.vault.find("a1", "here")
    assert len(await room.vault.list("a1")) == 1
    await room.execute("UPDATE accounts SET tier = 'pro' WHERE id = 'a1'")
    assert (await room.find("a1")).secret == SECRET


async def test_use_is_written_down_now_and_then(room: Strongroom) -> None:
    await room.put()
    key = await room.find()
    moments = []
    for _ in range(4):
        await room.vault.accepted(key)
        ((used_ms,),) = await room.select("SELECT used_ms FROM own_keys")
        moments.append(used_ms)
        await room.clock.advance(USED_EVERY_MS // 2)
    assert moments[0] == moments[1] < moments[2] == moments[3]
    assert room.changed == ["a1", "a1"], "the first acceptance is news, the others are none"


async def test_there_are_limits(room: Strongroom) -> None:
    for number in range(keys_per_account_max):
        await room.put(provider=f"p{number}")
        await room.clock.advance(0)
        room.vault._checking._asked.clear()
    with pytest.raises(LimitExceededError, match="keys_per_account_max"):
        await room.put(provider="one.more")
    await room.put(provider="p0", secret=OTHER)  # in place of one there is


async def test_nobody_finds_out_with_our_help_which_keys_are_good(room: Strongroom) -> None:
    for number in range(checks_per_minute_max):
        with pytest.raises(KeyRefusedError):
            await room.put(secret=f"sk-guess-{number:016}")
    with pytest.raises(TooManyError, match="checks_per_minute_max"):
        await room.put()
    await room.put("a2")


async def test_whether_there_are_any_is_known_after_a_restart(room: Strongroom) -> None:
    assert room.vault.some is False
    await room.put()
    again = room.again(room.vault.ring)
    await again.begin()
    assert (room.vault.some, again.some) == (True, True)


async def test_the_last_four_of_a_short_key_are_not_shown(room: Strongroom) -> None:
    room.provider.key = None
    assert (await room.put(secret="ollama")).last == ""
