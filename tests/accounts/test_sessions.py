import pytest

from server.accounts.local import Owner
from server.accounts.sessions import SESSION_MS, Sessions, cookie_name, read_cookie, write_cookie
from server.accounts.tokens import Grant, TokenKind, Tokens
from server.errors import NotAuthenticatedError
from server.model import Role, Scope
from server.store.database import Database
from tests.fakes.clock import FakeClock


@pytest.fixture
def sessions(db: Database, clock: FakeClock, tokens: Tokens) -> Sessions:
    return Sessions(db, clock, tokens)


async def issue(tokens: Tokens, owner: Owner) -> str:
    grant = Grant(account=owner.account, role=Role.VIEWER, scopes=frozenset({Scope.READ}))
    return await tokens.issue(TokenKind.API, grant)


async def test_a_session_may_do_what_its_token_may(sessions: Sessions, tokens: Tokens, owner: Owner) -> None:
    token = await issue(tokens, owner)
    identity = await sessions.by_cookie(await sessions.begin(token))
    assert identity == await tokens.by_token(token)


@pytest.mark.parametrize("wrong", ["", ":key", f"tds_{'a' * 43}", f"tdc_{'a' * 43}"])
async def test_no_session_without_a_token(sessions: Sessions, owner: Owner, wrong: str) -> None:
    with pytest.raises(NotAuthenticatedError):
        await sessions.begin(wrong)


async def test_a_session_cannot_beget_another(sessions: Sessions, tokens: Tokens, owner: Owner) -> None:
    session = await sessions.begin(await issue(tokens, owner))
    with pytest.raises(NotAuthenticatedError):
        await sessions.begin(session)


async def test_a_session_lasts_ninety_days(
    sessions: Sessions, tokens: Tokens, owner: Owner, clock: FakeClock
) -> None:
    session = await sessions.begin(await issue(tokens, owner))
    await clock.advance(SESSION_MS - 1)
    assert await sessions.by_cookie(session) is not None
    await clock.advance(1)
    assert await sessions.by_cookie(session) is None


async def test_a_session_ends_when_it_is_ended(sessions: Sessions, tokens: Tokens, owner: Owner) -> None:
    token = await issue(tokens, owner)
    one, two = await sessions.begin(token), await sessions.begin(token)
    await sessions.end(one)
    await sessions.end(one)
    assert await sessions.by_cookie(one) is None
    assert await sessions.by_cookie(two) is not None


def test_each_port_has_a_cookie_of_its_own() -> None:
    header = write_cookie(8000, "tdc_x", secure=False)
    assert header == "tendesks_8000=tdc_x; Path=/; Max-Age=7776000; HttpOnly; SameSite=Strict"
    assert write_cookie(1, None, secure=True) == (
        "tendesks_1=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict; Secure"
    )
    sent = f"other=1; {cookie_name(8000)}=a; {cookie_name(8001)}=b"
    assert (read_cookie(sent, 8000), read_cookie(sent, 8001)) == ("a", "b")


@pytest.mark.parametrize(
    "header", [None, "", "tendesks_8000=", "garbage", "tendesks_80=a", "bad[name]=1; x=2"]
)
def test_no_cookie_is_none(header: str | None) -> None:
    assert read_cookie(header, 8000) is None
