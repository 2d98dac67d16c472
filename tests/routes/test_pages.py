"""The pages of links, on an application of their own: links that exist, links that do not, and what robots read of either."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request

from server.routes.pages import ELEMENT_SECONDS, TITLE, LinkPages, base_of, tags
from server.routes.static import NOT_BUILT
from server.settings import Mode, Settings

PAGE = "<!doctype html><html><head><title>Ten Desks</title></head><body></body></html>"
NAME = 'Juniper "Research" <b>'


@dataclass
class Front:
    """Satisfies server.routes.pages.Facade."""

    origins: tuple[str, ...] = ()
    card: bool = False
    name: str = NAME


LINKS = {
    "plain": Front(),
    "told": Front(card=True),
    "unnamed": Front(card=True, name="Your office"),
    "shared": Front(origins=("https://wiki.example", "http://127.0.0.1:9")),
}


async def shown(link: str) -> Front | None:
    return LINKS.get(link)


@pytest.fixture
def web(tmp_path: Path) -> Path:
    folder = tmp_path / "web"
    folder.mkdir()
    (folder / "index.html").write_text(PAGE)
    (folder / "element.js").write_text("1;")
    return folder


@pytest.fixture
async def client(web: Path, tmp_path: Path) -> AsyncIterator[httpx2.AsyncClient]:
    app = Starlette(routes=LinkPages(web, shown, Settings(data=tmp_path)).routes())
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app), base_url="http://127.0.0.1:8000"
    ) as client:
        yield client


def content(page: str, name: str) -> str | None:
    found = re.search(rf'<meta (?:name|property)="{re.escape(name)}" content="([^"]*)"', page)
    return found and found[1]


async def test_a_link_and_none_have_the_same_page(client: httpx2.AsyncClient) -> None:
    known, unknown = [await client.get(f"/s/{link}") for link in ("plain", "nobody")]
    assert known.status_code == unknown.status_code == 200
    assert known.text.replace("plain", "ID") == unknown.text.replace("nobody", "ID")
    assert {**known.headers, "content-length": ""} == {**unknown.headers, "content-length": ""}


async def test_the_headers_keep_the_page_to_itself(client: httpx2.AsyncClient) -> None:
    page = await client.get("/s/plain")
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["x-robots-tag"] == "noindex, nofollow"
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; ")
    assert policy.endswith("frame-ancestors 'none'")
    assert "unsafe" not in policy


@pytest.mark.parametrize("path", ["/s/shared", "/embed/shared"])
async def test_only_the_origins_of_a_link_may_embed_it(client: httpx2.AsyncClient, path: str) -> None:
    policy = (await client.get(path)).headers["content-security-policy"]
    assert policy.endswith("; frame-ancestors https://wiki.example http://127.0.0.1:9")


@pytest.mark.parametrize("path", ["/embed/plain", "/embed/nobody", "/s/nobody"])
async def test_what_has_no_origins_stands_in_no_frame(client: httpx2.AsyncClient, path: str) -> None:
    assert (await client.get(path)).headers["content-security-policy"].endswith("frame-ancestors 'none'")


async def test_a_preview_is_neutral_unless_the_owner_lets_it_tell(client: httpx2.AsyncClient) -> None:
    neutral, told = [(await client.get(f"/s/{link}")).text for link in ("plain", "told")]
    assert content(neutral, "og:title") == TITLE
    assert "Juniper" not in neutral
    assert content(told, "og:title") == "Juniper &quot;Research&quot; &lt;b&gt;"
    assert "<b>" not in told
    assert content((await client.get("/s/unnamed")).text, "og:title") == TITLE


async def test_a_preview_has_a_picture_with_its_size_and_words(client: httpx2.AsyncClient) -> None:
    page = (await client.get("/s/plain")).text
    assert content(page, "og:image") == "http://127.0.0.1:8000/s/plain/card.png"
    assert (content(page, "og:image:width"), content(page, "og:image:height")) == ("1200", "630")
    assert content(page, "og:image:alt")
    assert content(page, "twitter:card") == "summary_large_image"


async def test_a_preview_leads_to_the_address_that_was_sent(client: httpx2.AsyncClient) -> None:
    """Whatever named another one would lose the secret in the fragment."""
    page = (await client.get("/s/plain")).text
    assert "og:url" not in page
    assert "canonical" not in page


async def test_a_frame_has_no_preview(client: httpx2.AsyncClient) -> None:
    assert (await client.get("/embed/told")).text == PAGE


async def test_poisoned_host(client: httpx2.AsyncClient, tmp_path: Path) -> None:
    """No address in a page is made from a Host that nobody has checked, or from one that is no host."""
    for host in ('evil.example"><script>', "evil.example/x", "a b", "", "user@evil.example"):
        page = await client.get("/s/plain", headers={"host": host})
        assert "og:image" not in page.text
        assert "evil" not in page.text
    hosted = Settings(data=tmp_path, mode=Mode.HOSTED)
    public = Settings(data=tmp_path, mode=Mode.HOSTED, public_url="https://desks.example/")
    headers = [(b"host", b"evil.example")]
    request = Request({"type": "http", "method": "GET", "scheme": "https", "path": "/", "headers": headers})
    assert base_of(request, hosted) is None
    assert base_of(request, public) == "https://desks.example"


def test_an_id_that_is_none_is_escaped() -> None:
    assert '"><' not in "".join(tags('"><script>', None, "http://127.0.0.1")).replace('" />\n<', "")


async def test_the_element_is_for_any_page_and_not_for_long(client: httpx2.AsyncClient) -> None:
    script = await client.get("/element.js", headers={"origin": "https://wiki.example"})
    assert script.headers["access-control-allow-origin"] == "*"
    assert script.headers["cross-origin-resource-policy"] == "cross-origin"
    assert script.headers["cache-control"] == f"public, max-age={ELEMENT_SECONDS}"
    assert script.headers["content-type"] == "text/javascript; charset=utf-8"
    again = await client.get("/element.js", headers={"if-none-match": script.headers["etag"]})
    assert (again.status_code, again.headers["access-control-allow-origin"]) == (304, "*")


@pytest.mark.parametrize("path", ["/s/plain", "/embed/plain", "/element.js"])
async def test_they_are_only_read(client: httpx2.AsyncClient, path: str) -> None:
    assert (await client.head(path)).status_code == 200
    refused = await client.post(path)
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD")


async def test_a_server_without_a_page_says_so(client: httpx2.AsyncClient, web: Path) -> None:
    (web / "index.html").unlink()
    (web / "element.js").unlink()
    page, script = await client.get("/s/plain"), await client.get("/element.js")
    assert (page.status_code, page.text) == (503, NOT_BUILT)
    assert (script.status_code, "access-control-allow-origin" in script.headers) == (404, False)
