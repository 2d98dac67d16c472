from html.parser import HTMLParser

from server.routes.create import ENTRIES
from server.routes.docs import documentation, html
from server.routes.problem import all_errors
from server.routes.table import TABLE
from tests.routes.conftest import Front


class Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("id"):
            self.ids.add(str(given["id"]))
        if given.get("src") or tag in {"script", "link"}:
            self.loads.append(tag)


async def test_the_page_tells_of_every_route_and_every_error(front: Front) -> None:
    async with front.nobody() as client:
        response = await client.get("/docs")
    assert response.headers["content-type"].startswith("text/html")
    page = Page()
    page.feed(response.text)
    assert page.ids == {error.code for error in all_errors()}
    assert page.loads == [], "the page needs nothing from anywhere"
    for entry in ENTRIES:
        assert f"<b>{entry.method}</b> {entry.path}<" in response.text


def test_the_pages_tell_of_themselves() -> None:
    assert [entry.path for entry in documentation(TABLE)] == ["/openapi.json", "/docs"]
    assert html(ENTRIES).count("<section>") == len(ENTRIES)
