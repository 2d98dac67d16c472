"""The card of a link: the picture that chats and wikis show of it. Public, and needs no secret."""

from starlette.responses import Response

from server.preview.cards import Card
from server.routes.call import Call

CACHED = "public, max-age=60"


async def shown(call: Call) -> Response:
    """The picture; 304 if it is the one that the client has. Nobody who asks counts as a viewer."""
    card = await call.parts.cards.card(call.path("id"))
    if card.etag in [tag.strip().removeprefix("W/") for tag in _held(call)]:
        return Response(status_code=304, headers=_headers(card))
    return Response(card.body, 200, _headers(card), "image/png")


def _held(call: Call) -> list[str]:
    return call.request.headers.get("if-none-match", "").split(",")


def _headers(card: Card) -> dict[str, str]:
    # Pages of other origins show it: that is what it is for.
    return {"etag": card.etag, "cache-control": CACHED, "cross-origin-resource-policy": "cross-origin"}
