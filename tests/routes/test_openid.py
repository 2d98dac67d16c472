"""Sign-in by OpenID Connect over HTTP, with a real provider beside it that signs real tokens, and lies in every way there is."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from server.accounts.passage import passage_ms
from server.routes.entry import API
from server.store.people import person_by_email
from tests.fakes.clock import START_MS
from tests.fakes.openid import CLIENT, SECRET, Provider, openid_provider, rsa_key, settings_of
from tests.routes.hosted import URL, Hosted, Person, hosted

BEGIN, RETURN = f"{API}/signin/openid", f"{API}/signin/openid/return"


@pytest.fixture
def provider() -> Iterator[Provider]:
    with openid_provider(lambda: START_MS / 1000) as found:
        yield found


@asynccontextmanager
async def house(folder: Path, provider: Provider, **settings: Any) -> AsyncIterator[Hosted]:
    async with hosted(folder, **settings_of(provider), **settings) as it:
        yield it


def browser(it: Hosted) -> Person:
    person = Person(it.front)
    person.client.headers["accept"] = "text/html"
    return person


async def away(person: Person) -> httpx2.Response:
    """To the provider, which is a real server, and as far back as its redirect."""
    begun = await person.client.get(BEGIN)
    assert begun.status_code == 303, begun.text
    async with httpx2.AsyncClient() as outside:
        return await outside.get(begun.headers["location"])


async def back(person: Person, answer: httpx2.Response) -> str:
    """Where a browser lands that is sent back."""
    parts = urlsplit(answer.headers["location"])
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == URL + RETURN
    landed = await person.client.get(f"{RETURN}?{parts.query}")
    assert landed.status_code == 303, landed.text
    assert landed.text == ""
    return str(landed.headers["location"])


async def sign_in(person: Person) -> str:
    return await back(person, await away(person))


async def test_a_stranger_gets_an_account_and_comes_back_to_it(tmp_path: Path, provider: Provider) -> None:
    async with house(tmp_path, provider) as it:
        one, two = browser(it), browser(it)
        assert await sign_in(one) == "/"
        session = await one.get("/session")
        assert (session["email"], session["role"], session["signed"]) == ("ada@example.org", "owner", True)
        provider.person = {"sub": "ada-7", "email": "renamed@example.org", "email_verified": True}
        assert await sign_in(two) == "/"
        assert (await two.get("/session"))["office"] == session["office"]
        deeds = (await one.get("/audit"))["items"]
        assert deeds[-1]["what"] == "account.made"
        assert deeds[0]["detail"] == {"how": "OpenID Connect (Example ID)"}


async def test_the_way_there_tells_what_it_must_and_the_browser_carries_the_rest(
    tmp_path: Path, provider: Provider
) -> None:
    async with house(tmp_path, provider) as it:
        begun = await browser(it).client.get(BEGIN)
        query = parse_qs(urlsplit(begun.headers["location"]).query)
        assert query["client_id"] == [CLIENT]
        assert query["scope"] == ["openid email"]
        assert query["redirect_uri"] == [URL + RETURN]
        cookie = begun.headers["set-cookie"]
        assert cookie.startswith("__Host-tendesks-openid=tdo_")
        assert cookie.endswith(f"; Path=/; Max-Age={passage_ms // 1000}; HttpOnly; SameSite=Lax; Secure")
        for name in ("state", "nonce", "code_challenge"):
            assert len(query[name][0]) == 43
            assert query[name][0] not in cookie
        assert SECRET not in str(begun.headers)


async def test_the_page_is_told_which_ways_in_there_are(tmp_path: Path, provider: Provider) -> None:
    async with house(tmp_path, provider) as it:
        async with it.front.nobody() as client:
            told = (await client.get(f"{API}/signin")).json()
        assert told == {"mode": "hosted", "email": True, "openid": {"name": "Example ID"}}


async def test_without_a_provider_there_is_no_such_door(tmp_path: Path) -> None:
    async with hosted(tmp_path) as it:
        person = browser(it)
        for path in (BEGIN, RETURN):
            assert (await person.client.get(path)).json()["code"] == "not_found"
        assert "openid" not in (await person.client.get(f"{API}/signin")).json()


LIES: dict[str, dict[str, Any]] = {
    "the nonce of another try": {"nonce": "n" * 43},
    "no nonce": {"nonce": None},
    "another issuer": {"iss": "https://evil.test"},
    "another audience": {"aud": "somebody-else"},
    "one audience more, and nobody named": {"aud": [CLIENT, "somebody-else"]},
    "made for somebody else who may use it": {"azp": "somebody-else"},
    "expired": {"exp": START_MS // 1000 - 61},
    "made long ago": {"iat": START_MS // 1000 - 661},
    "made in an hour": {"iat": START_MS // 1000 + 3_600},
    "no end": {"exp": None},
    "an end that is no number": {"exp": "tomorrow"},
    "nobody": {"sub": None},
    "a number": {"sub": 7},
    "a name too long": {"sub": "a" * 256},
    "the hash of another access token": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
}


@pytest.mark.parametrize("lie", LIES)
async def test_a_token_that_lies_lets_nobody_in(tmp_path: Path, provider: Provider, lie: str) -> None:
    async with house(tmp_path, provider) as it:
        person = browser(it)
        provider.claims = LIES[lie]
        assert await sign_in(person) == "/#signin-failed=invalid"
        assert (await person.ask("GET", "/session")).status_code == 401
        provider.claims = {}
        assert await sign_in(person) == "/", "the same without the lie"


@pytest.mark.parametrize("forge", ["none", "public", "stranger"])
async def test_a_token_that_is_not_the_providers_lets_nobody_in(
    tmp_path: Path, provider: Provider, forge: str
) -> None:
    provider.rotate(rsa_key())
    async with house(tmp_path, provider) as it:
        person = browser(it)
        if forge == "stranger":
            provider.rotate()
        provider.forge = forge
        assert await sign_in(person) == "/#signin-failed=invalid"
        assert (await person.ask("GET", "/session")).status_code == 401
        provider.forge = None
        assert await sign_in(person) == "/"


async def test_two_audiences_are_well_where_this_one_is_named(tmp_path: Path, provider: Provider) -> None:
    async with house(tmp_path, provider) as it:
        provider.claims = {"aud": [CLIENT, "somebody-else"], "azp": CLIENT}
        assert await sign_in(browser(it)) == "/"


async def test_the_provider_may_change_its_keys_at_any_time(tmp_path: Path, provider: Provider) -> None:
    async with house(tmp_path, provider) as it:
        assert await sign_in(browser(it)) == "/"
        assert await sign_in(browser(it)) == "/"
        assert provider.count("/keys") == 1, "they are remembered"
        provider.rotate()
        assert await sign_in(browser(it)) == "/#signin-failed=invalid", "they were asked for a moment ago"
        await it.front.clock.advance(30_000)
        provider.claims = {"iat": START_MS // 1000 + 30}
        assert await sign_in(browser(it)) == "/"
        assert provider.count("/keys") == 2


async def test_what_came_back_to_another_browser_is_worth_nothing(tmp_path: Path, provider: Provider) -> None:
    async with house(tmp_path, provider) as it:
        victim, thief = browser(it), browser(it)
        sent = await away(thief)  # the thief's own code, which the victim is made to open
        await away(victim)
        assert await back(victim, sent) == "/#signin-failed=expired"
        fresh = browser(it)
        assert await back(fresh, sent) == "/#signin-failed=expired", "a browser that began nothing"
        assert provider.count("/token") == 0, "the provider is not even asked"


async def test_a_code_is_good_once(tmp_path: Path, provider: Provider) -> None:
    async with house(tmp_path, provider) as it:
        person = browser(it)
        sent = await away(person)
        cookie = dict(person.client.cookies)
        assert await back(person, sent) == "/"
        assert await back(person, sent) == "/#signin-failed=expired", "the try is over"
        person.client.cookies.update(cookie)  # somebody has kept it
        assert await back(person, sent) == "/#signin-failed=refused", "the provider does not take it twice"


async def test_a_try_is_over_after_a_quarter_of_an_hour(tmp_path: Path, provider: Provider) -> None:
    async with house(tmp_path, provider) as it:
        person = browser(it)
        sent = await away(person)
        kept = dict(person.client.cookies)
        await it.front.clock.advance(passage_ms)
        person.client.cookies.update(kept)  # a browser whose clock is wrong
        assert await back(person, sent) == "/#signin-failed=expired"


async def test_an_answer_of_another_provider_is_refused(tmp_path: Path, provider: Provider) -> None:
    async with house(tmp_path, provider) as it:
        for change in ("iss=https%3A%2F%2Fevil.test", "x=1"):
            person = browser(it)
            location = (await away(person)).headers["location"]
            head, _, _ = location.partition("&iss=")
            query = urlsplit(head).query
            code = f"&code={parse_qs(urlsplit(location).query)['code'][0]}"
            landed = await person.client.get(f"{RETURN}?{query}{code}&{change}")
            assert landed.headers["location"] == "/#signin-failed=invalid"


async def test_who_turns_back_there_lands_on_the_sign_in_page_and_nothing_of_theirs_is_repeated(
    tmp_path: Path, provider: Provider
) -> None:
    async with house(tmp_path, provider) as it:
        provider.person = None
        assert await sign_in(browser(it)) == "/#signin-failed=refused"


async def test_a_provider_that_is_down_is_said_to_be(tmp_path: Path, provider: Provider) -> None:
    async with house(tmp_path, provider) as it:
        provider.broken = True
        person = browser(it)
        assert (await person.client.get(BEGIN)).headers["location"] == "/#signin-failed=unreachable"
        provider.broken = False
        await it.front.clock.advance(5_000)
        sent = await away(person)
        provider.broken = True
        assert await back(person, sent) == "/#signin-failed=unreachable"
    (tmp_path / "gone").mkdir()
    async with house(tmp_path / "gone", Provider(port=9)) as it:
        assert (await browser(it).client.get(BEGIN)).headers["location"] == "/#signin-failed=unreachable"


@pytest.mark.parametrize(
    "wrong",
    [
        {"issuer": "https://evil.test"},
        {"token_endpoint": "http://evil.test/token"},
        {"jwks_uri": None},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"token_endpoint_auth_methods_supported": ["private_key_jwt"]},
    ],
)
async def test_a_provider_that_describes_itself_wrongly_is_not_gone_to(
    tmp_path: Path, provider: Provider, wrong: dict[str, Any]
) -> None:
    async with house(tmp_path, provider) as it:
        provider.discovery = wrong
        assert (await browser(it).client.get(BEGIN)).headers["location"] == "/#signin-failed=invalid"


async def test_a_provider_may_want_the_secret_in_the_form(tmp_path: Path, provider: Provider) -> None:
    async with house(tmp_path, provider) as it:
        provider.discovery = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
        assert await sign_in(browser(it)) == "/"


async def test_an_address_may_be_told_elsewhere_than_in_the_token(tmp_path: Path, provider: Provider) -> None:
    async with house(tmp_path, provider) as it:
        provider.in_token = ("sub",)
        assert await sign_in(browser(it)) == "/"
        provider.person = {"sub": "eve-1", "email": "eve@example.org", "email_verified": True}
        provider.claims = {"sub": "eve-2"}
        assert await sign_in(browser(it)) == "/#signin-failed=mail", "it is told of somebody else"


@pytest.mark.parametrize(
    "person",
    [
        {"email": "ada@example.org", "email_verified": False},
        {"email": "ada@example.org"},
        {"email": "ada@example.org", "email_verified": "yes"},
        {"email": "ada@example.org", "email_verified": 1},
        {"email_verified": True},
        {"email": "ada@exämple.org", "email_verified": True},
        {"email": ["ada@example.org"], "email_verified": True},
    ],
)
async def test_an_address_that_is_not_confirmed_is_no_address(
    tmp_path: Path, provider: Provider, person: dict[str, Any]
) -> None:
    async with house(tmp_path, provider) as it:
        await it.person("ada@example.org")  # whom somebody else would like to be
        provider.person = {"sub": "mallory", **person}
        assert await sign_in(browser(it)) == "/#signin-failed=mail"


async def subject_of(it: Hosted, email: str) -> str | None:
    async with it.front.db.read() as conn:
        person = await person_by_email(conn, email)
    return None if person is None else person.subject


async def test_who_comes_in_by_mail_joins_both_ways_by_a_letter_in_the_same_browser(
    tmp_path: Path, provider: Provider
) -> None:
    async with house(tmp_path, provider) as it:
        ada = await it.person("ada@example.org")
        office = (await ada.get("/session"))["office"]
        person = browser(it)
        assert await sign_in(person) == "/#signin-failed=letter"
        assert (await person.ask("GET", "/session")).status_code == 401
        letter = await it.mail()
        assert (await person.enter(letter)).status_code == 204
        assert (await person.get("/session"))["office"] == office
        assert await subject_of(it, "ada@example.org") == f"{provider.issuer} ada-7"
        again = browser(it)
        assert await sign_in(again) == "/"
        assert (await again.get("/session"))["office"] == office


async def test_whoever_opens_the_letter_elsewhere_signs_in_and_lets_nobody_else_in(
    tmp_path: Path, provider: Provider
) -> None:
    """A thief who still has the address at the provider, and an owner of the mailbox who opens what comes."""
    async with house(tmp_path, provider) as it:
        await it.person("ada@example.org")
        thief = browser(it)
        assert await sign_in(thief) == "/#signin-failed=letter"
        owner = browser(it)
        assert (await owner.enter(await it.mail())).status_code == 204
        assert await subject_of(it, "ada@example.org") is None
        assert await sign_in(thief) == "/#signin-failed=letter", "and nothing has changed"


async def test_an_address_of_another_person_of_the_same_provider_is_taken(
    tmp_path: Path, provider: Provider
) -> None:
    async with house(tmp_path, provider) as it:
        assert await sign_in(browser(it)) == "/"
        provider.person = {"sub": "another", "email": "ada@example.org", "email_verified": True}
        assert await sign_in(browser(it)) == "/#signin-failed=taken"
        assert await subject_of(it, "ada@example.org") == f"{provider.issuer} ada-7"


async def test_where_no_mail_is_sent_the_providers_word_is_taken_for_people_the_operator_made(
    tmp_path: Path, provider: Provider
) -> None:
    async with house(tmp_path, provider, smtp_url=None, signup="closed") as it:
        made = await it.front.ask("POST", "/accounts", json={"email": "ada@example.org"})
        person = browser(it)
        assert await sign_in(person) == "/"
        assert (await person.get("/session"))["office"] == made.json()["office"]
        provider.person = {"sub": "eve", "email": "eve@example.org", "email_verified": True}
        assert await sign_in(browser(it)) == "/#signin-failed=closed"
        assert await subject_of(it, "eve@example.org") is None, "nothing of them is kept"


async def test_a_company_behind_one_address_may_come_so_often_an_hour(
    tmp_path: Path, provider: Provider
) -> None:
    async with house(tmp_path, provider, openid_per_address_max=2) as it:
        for _ in range(2):
            assert await sign_in(browser(it)) == "/"
        refused = await browser(it).client.get(BEGIN)
        assert refused.headers["location"] == "/#signin-failed=often"
        assert provider.count("/token") == 2
