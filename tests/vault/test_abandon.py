"""What a lost master key has sealed can be given up, and nothing else goes with it."""

from pathlib import Path

import pytest

from server.errors import ConfigurationError
from server.vault.abandon import abandon, count_lost
from server.vault.proof import open_ring
from tests.vault.conftest import opened
from tests.vault.test_proof import ring, settings


async def test_nothing_is_given_up_while_every_key_opens(tmp_path: Path) -> None:
    async with opened(tmp_path, ring("k1")) as room:
        await room.put()
        known = settings(room, ring("k1"))
        await open_ring(room.db, known)
        assert await count_lost(room.db, known) == 0
        assert await abandon(room.db, known, room.clock, room.ids) == 0
        assert (await room.find()).provider == "here"


async def test_what_a_lost_key_sealed_goes_and_the_server_starts_again(tmp_path: Path) -> None:
    async with opened(tmp_path, ring("k1")) as room:
        await room.put("a1")
        await room.put("a2")
        await open_ring(room.db, settings(room, ring("k1")))
        left = settings(room, ring("k2"))
        with pytest.raises(ConfigurationError):
            await open_ring(room.db, left)
        assert await count_lost(room.db, left) == 2
        assert await abandon(room.db, left, room.clock, room.ids) == 2
        assert await open_ring(room.db, left) == ring("k2")
        for account in ("a1", "a2"):
            assert (account, "operator", "key.abandoned", "here") in await room.deeds(account)
