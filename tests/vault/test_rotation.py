"""Master keys are turned over while keys are used, put and deleted; nothing is lost, and one bad row stops nothing."""

import random
from pathlib import Path

import pytest

from server.kinds.own_keys import OwnKeyError
from server.store.accounts import add_account
from server.vault import rotation as rotating
from server.vault.keyfile import KEY_FILE, read_file, write_file
from server.vault.keyring import Keyring, fresh
from server.vault.vault import Vault
from tests.vault.conftest import OTHER, SECRET, Strongroom, opened


async def fill(room: Strongroom, count: int, vault: Vault | None = None) -> dict[str, str]:
    """Store keys of so many accounts, past the check at a provider; returns the secrets by account."""
    vault = vault or room.vault
    secrets = {f"b{number:04}": f"sk-{number:016}" for number in range(count)}
    async with room.db.write() as tx:
        for account in secrets:
            await add_account(tx.conn, account=account, name="Bea", tier="pro", now_ms=0)
    for account, secret in secrets.items():
        await store(room, vault, account, secret)
    return secrets


async def store(room: Strongroom, vault: Vault, account: str, secret: str) -> None:
    from server.store.keys import put_key

    async with room.db.write() as tx:
        await put_key(tx.conn, vault._sealed(account, "here", "https://x/v1", secret, accepted=True))
    vault._some = True


async def masters(room: Strongroom) -> dict[str, int]:
    return dict(await room.select("SELECT master, count(*) FROM own_keys GROUP BY master"))


async def test_all_are_under_the_new_key_and_open_as_before(room: Strongroom) -> None:
    await room.put("a1")
    await room.put("a2", secret=OTHER)
    vault = room.again(fresh("k2", room.vault.ring))
    await vault.begin()
    bodies = await room.select("SELECT body FROM own_keys ORDER BY account")
    turning = room.rotation(vault)
    await turning.resume()
    await turning.settled()
    progress = await turning.progress()
    assert (progress.left, progress.done, progress.failed, progress.needed) == (0, 2, False, ("k2",))
    assert await masters(room) == {"k2": 2}
    assert await room.select("SELECT body FROM own_keys ORDER BY account") == bodies, (
        "no secret was sealed anew"
    )
    alone = room.again(Keyring(masters={"k2": vault.ring.masters["k2"]}))
    await alone.begin()
    found = [await alone.find(account, None) for account in ("a1", "a2")]
    assert [key.secret for key in found if key] == [SECRET, OTHER]
    assert (await room.deeds())[-1][2:] == ("keys.rotated", "k2")


async def test_where_nothing_is_left_nothing_begins(room: Strongroom) -> None:
    await room.put()
    turning = room.rotation()
    await turning.resume()
    assert (await turning.progress()).under_way is False
    await turning.settled()
    await turning.stop()


@pytest.mark.parametrize("seed", range(3))
async def test_under_load_nothing_is_lost(
    room: Strongroom, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chance = random.Random(seed)
    monkeypatch.setattr(rotating, "PAGE", 7)
    kept = await fill(room, 150)
    vault = room.again(fresh("k2", room.vault.ring))
    await vault.begin()
    turning = room.rotation(vault)
    await turning.resume()
    while (await turning.progress()).under_way:
        account = chance.choice(sorted(kept))
        match chance.randrange(4):
            case 0:
                kept[account] = f"sk-new-{chance.randrange(1 << 40):016}"
                await store(room, vault, account, kept[account])
            case 1 if len(kept) > 50:
                del kept[account]
                await vault.delete(account, "here", actor="owner")
            case _:
                key = await vault.find(account, None)
                assert key is not None
                assert key.secret == kept[account]
    assert await masters(room) == {"k2": len(kept)}
    for account, secret in kept.items():
        key = await vault.find(account, None)
        assert key is not None
        assert key.secret == secret


async def test_stopped_in_the_middle_it_goes_on_at_the_next_start(
    room: Strongroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotating, "PAGE", 5)
    kept = await fill(room, 40)
    vault = room.again(fresh("k2", room.vault.ring))
    await vault.begin()
    turning = room.rotation(vault)
    await turning.begin()
    while (await turning.progress()).done < 10:
        pass
    await turning.stop()
    found = await masters(room)
    assert set(found) == {"k1", "k2"}, "it ended in the middle"
    for account, secret in kept.items():
        key = await vault.find(account, None)
        assert key is not None
        assert key.secret == secret
    again = room.rotation(vault)
    await again.resume()
    await again.settled()
    assert await masters(room) == {"k2": len(kept)}


async def test_a_bad_row_is_marked_and_the_others_go_on(room: Strongroom) -> None:
    await room.put("a1")
    await room.put("a2", secret=OTHER)
    await room.execute("UPDATE own_keys SET wrapped = x'00' WHERE account = 'a1'")
    vault = room.again(fresh("k2", room.vault.ring))
    await vault.begin()
    turning = room.rotation(vault)
    await turning.resume()
    await turning.settled()
    progress = await turning.progress()
    assert (progress.left, progress.failed, progress.needed) == (0, False, ("k2",))
    assert await room.select("SELECT account, state, master FROM own_keys ORDER BY account") == [
        ("a1", "undecryptable", "k1"),
        ("a2", "ok", "k2"),
    ]
    with pytest.raises(OwnKeyError):
        await vault.find("a1", None)


async def test_a_key_of_the_file_is_made_first_and_let_go_last(tmp_path: Path) -> None:
    one = fresh("local-1")
    write_file(tmp_path / KEY_FILE, one)
    async with opened(tmp_path, one) as room:
        await room.put()
        turning = room.rotation()
        await turning.begin()
        during = read_file(tmp_path / KEY_FILE)
        assert during is not None
        assert list(during.masters)[1:] == ["local-1"], "both are there while rows need both"
        await turning.begin()  # harmless
        await turning.settled()
        after = read_file(tmp_path / KEY_FILE)
        assert after is not None
        assert list(after.masters) == list(during.masters)[:1]
        assert room.vault.ring == after
        assert await masters(room) == {after.current: 1}
        assert (await room.find()).secret == SECRET
        canaries = [name for (name,) in await room.select("SELECT key FROM meta")]
        assert canaries == [f"vault.canary.{after.current}"]


async def test_what_the_store_does_not_take_is_told_and_tried_again(room: Strongroom) -> None:
    await room.put()
    vault = room.again(fresh("k2", room.vault.ring))
    await vault.begin()
    turning = room.rotation(vault)
    await room.execute("CREATE TRIGGER no BEFORE UPDATE ON own_keys BEGIN SELECT raise(ABORT, 'no'); END")
    await turning.resume()
    await turning.settled()
    progress = await turning.progress()
    assert (progress.failed, progress.left, progress.under_way) == (True, 1, False)
    await room.execute("DROP TRIGGER no")
    await turning.resume()
    await turning.settled()
    progress = await turning.progress()
    assert (progress.failed, progress.left) == (False, 0)
