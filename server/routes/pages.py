"""The pages that links lead to, and the script that puts one into another page.

They are the same page for everybody, link or no link: nothing of an office is in them, and what is shown comes later, by a
grant. So a robot that follows a link to draw a preview learns what the tags in the head say, and uses nothing up.
"""

import re
from collections.abc import Awaitable, Callable, Collection
from html import escape
from pathlib import Path
from typing import Protocol, TypeAlias
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from server.accounts.local import NAME
from server.routes.envelope import request_id
from server.routes.guard import SAFE
from server.routes.problem import problem
from server.routes.refusals import MethodNotAllowedError
from server.routes.static import NOT_BUILT, WebClient
from server.settings import Mode, Settings

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors {ancestors}"
)
"""What the built page needs, and nothing else: no inline script or style, and nobody else's anything."""
ELEMENT_SECONDS = 300
"""How long browsers keep the script of `<ten-desks>`: it has no hash in its name, for other people's pages name it."""
CARD = (1200, 630)
TITLE = "A live office of ten desks"
DESCRIPTION = "Open it to watch the work get done."
ALT = "An office with ten desks, seen from above."

_HEAD = "</head>"
_HOST = re.compile(r"[A-Za-z0-9.-]+(:\d{1,5})?|\[[0-9A-Fa-f:.]+\](:\d{1,5})?", re.ASCII)


class Facade(Protocol):
    """What a link shows to whoever knows its id alone."""

    @property
    def origins(self) -> Collection[str]:
        """Where it may be embedded."""

    @property
    def card(self) -> bool:
        """Whether its owner lets previews show the office as it is."""

    @property
    def name(self) -> str:
        """What it shows is called so; for previews only with `card`."""


Shown: TypeAlias = Callable[[str], Awaitable[Facade | None]]


class LinkPages:
    """`/s/{id}`, `/embed/{id}` and `/element.js` from the folder of the built web client."""

    def __init__(self, folder: Path, shown: Shown, settings: Settings) -> None:
        self._index = folder / "index.html"
        self._files = WebClient(folder)
        self._shown = shown
        self._settings = settings

    def routes(self) -> list[BaseRoute]:
        """Where they are found."""
        return [
            Route("/s/{id}", _Read(self.page)),
            Route("/embed/{id}", _Read(self.embedded)),
            Route("/element.js", _Read(self.element)),
        ]

    async def page(self, request: Request) -> Response:
        """The page of a link, with what previews are made from. It may stand in a frame where `/embed` may."""
        link = request.path_params["id"]
        facade = await self._shown(link)
        base = base_of(request, self._settings)
        return self._answer(facade, "".join(tags(link, facade, base)))

    async def embedded(self, request: Request) -> Response:
        """The same page for a frame, which only the link's origins may put up."""
        return self._answer(await self._shown(request.path_params["id"]), "")

    async def element(self, request: Request) -> Response:
        """The script of `<ten-desks>`, for any page."""
        response = self._files.answer(request)
        if response.status_code < 400:
            response.headers["cache-control"] = f"public, max-age={ELEMENT_SECONDS}"
            response.headers["access-control-allow-origin"] = "*"
            response.headers["cross-origin-resource-policy"] = "cross-origin"
        return response

    def _answer(self, facade: Facade | None, head: str) -> Response:
        try:
            page = self._index.read_text(encoding="utf-8")
        except FileNotFoundError:
            return PlainTextResponse(NOT_BUILT, 503)
        origins = () if facade is None else facade.origins
        headers = {
            "cache-control": "no-store",
            "content-security-policy": POLICY.format(ancestors=" ".join(origins) or "'none'"),
            "referrer-policy": "no-referrer",
            "x-robots-tag": "noindex, nofollow",
        }
        body = page.replace(_HEAD, head + _HEAD, 1)
        return Response(body, headers=headers, media_type="text/html; charset=utf-8")


def base_of(request: Request, settings: Settings) -> str | None:
    """What absolute addresses begin with: the public URL, or in local mode the host that was asked, which was checked.

    None where anybody may have said any host: an address made from it would lead previews to that host.
    """
    if settings.public_url:
        return settings.public_url.rstrip("/")
    host = request.headers.get("host", "")
    if settings.mode is not Mode.LOCAL or not _HOST.fullmatch(host):
        return None
    return f"{request.scope['scheme']}://{host}"


def tags(link: str, facade: Facade | None, base: str | None) -> list[str]:
    """What previews are made from (Open Graph, and the names that Twitter gave it).

    There is no `og:url`: where a preview leads to what that says, the secret in the fragment would be lost on the way.
    """
    named = facade is not None and facade.card and facade.name != NAME
    title = facade.name if facade is not None and named else TITLE
    said = {
        "og:type": "website",
        "og:site_name": "Ten Desks",
        "og:title": title,
        "og:description": DESCRIPTION,
        "twitter:card": "summary_large_image",
    }
    if base is not None:
        width, height = CARD
        said |= {
            "og:image": f"{base}/s/{quote(link, safe='')}/card.png",
            "og:image:type": "image/png",
            "og:image:width": str(width),
            "og:image:height": str(height),
            "og:image:alt": ALT,
        }
    return [_tag(name, content) for name, content in said.items()]


def _tag(name: str, content: str) -> str:
    kind = "name" if name.startswith("twitter:") else "property"
    return f'<meta {kind}="{name}" content="{escape(content)}" />\n'


class _Read:
    """An ASGI application around an endpoint that is only read."""

    def __init__(self, endpoint: Callable[[Request], Awaitable[Response]]) -> None:
        self._endpoint = endpoint

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification."""
        request = Request(scope, receive)
        if request.method in SAFE:
            response = await self._endpoint(request)
        else:
            error = MethodNotAllowedError(f"expected GET, got {request.method[:20]}", allow="GET, HEAD")
            response = problem(error, request_id(scope))
        await response(scope, receive, send)
