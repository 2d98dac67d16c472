"""Members' sockets, over a real server: they last as long as the token or session by which they came."""

from dataclasses import replace
from typing import Any

import pytest

from server.gateway.close import Close
from server.model import Credential
from tests.fakes.house import OWNER, Served, reached, served

MEMBER = replace(OWNER, credential=Credential(id="t1", session=True, person="p1", email="ada@example.org"))


def member(house: Served) -> None:
    house.tokens["member"] = MEMBER


@pytest.mark.parametrize(("gone", "code"), [(True, Close.NOT_AUTHENTICATED), (False, Close.RESTARTING)])
async def test_it_is_closed_when_its_token_ends_or_changes(gone: bool, code: Close) -> None:
    async with served() as house:
        member(house)
        async with house.enter(token="member") as ours, house.enter() as other:
            await ours.until("keyframe")
            await other.until("keyframe")
            (house.callers.end if gone else house.callers.renew)(["t1"])
            assert await ours.code() == code
            await other.say(type="ack", seq=0)
            await reached(lambda: not house.callers._callers)


class Changing(dict):
    """Tokens that change while they are looked up."""

    def __init__(self, house: Served) -> None:
        super().__init__(member=MEMBER)
        self.house = house

    def get(self, name: str, otherwise: Any = None) -> Any:
        self.house.callers.renew(["t1"])
        return super().get(name, otherwise)


async def test_one_that_was_looked_up_before_a_change_comes_back() -> None:
    async with served() as house:
        house.tokens = Changing(house)
        async with house.enter(token="member") as ours:
            assert await ours.code() == Close.RESTARTING
