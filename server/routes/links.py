"""Links: made, listed, ended and rotated by members; exchanged for grants by whoever has the URL."""

import re
from collections.abc import Mapping
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from server.errors import InvalidInputError
from server.model import Stretch, View
from server.routes.answers import JsonAnswer, nothing, present
from server.routes.bodies import flag_of, members_of, number_of, text_of
from server.routes.call import Call
from server.routes.guard import port_of
from server.routes.linkschemas import (
    EXPIRES_DAYS,
    EXPIRES_DAYS_MAX,
    GRACE_S_MAX,
    LABEL_CHARS_MAX,
    LINK_VIEWS,
    ORIGIN_CHARS_MAX,
    ORIGINS_MAX,
)
from server.routes.paging import cursor_of, limit_of, page
from server.routes.refusals import nothing_at
from server.routes.times import maybe_rfc3339, moment_of, rfc3339
from server.settings import Mode
from server.spectators.contract import Made, Wish
from server.spectators.reach import Place, place_of
from server.spectators.standing import stretch_of
from server.store.links import LinkRow

DAY_MS = 86_400_000
HERE_S = 25
HERE_S_MAX = 50
ID_CHARS_MAX = 16
WISHES = ("label", "view", "expires", "recording", "batch", "from", "to", "origins", "card", "lan")
_ORIGIN = re.compile(r"https?://(?:[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:]+\])(?::[0-9]{1,5})?", re.ASCII)


async def create(call: Call) -> Response:
    """Make a link; its URL is shown this once. An Idempotency-Key is not heeded: the answer must not be kept."""
    wish = wish_of(await members_of(call, *WISHES), call.parts.clock.now_ms())
    place = await _place(call, lan=wish.lan)
    made = await call.parts.links.create(call.who, wish)
    if made.row.card:
        call.parts.cards.expect(made.row.id)  # it is shown somewhere in a moment, and robots do not wait long
    return JsonAnswer(_shared(made.row) | _address(made, place), 201)


async def listed(call: Call) -> Response:
    """The links of the office, newest first."""
    limit = limit_of(call.request.query_params)
    cursor = cursor_of(call.request.query_params, int, str)
    after = None if cursor is None else (int(cursor[0]), str(cursor[1]))
    rows = await call.parts.links.listed(call.office, limit=limit + 1, after=after)
    last = rows[limit - 1] if len(rows) > limit else None
    return page(
        [_listed(call, row) for row in rows[:limit]], after=(last.created_ms, last.id) if last else None
    )


async def revoke(call: Call) -> Response:
    """End a link; the sockets of those who came by it are closed."""
    await call.parts.links.revoke(call.who, call.path("id"))
    return nothing()


async def rotate(call: Call) -> Response:
    """Give a link another URL. Heeds no Idempotency-Key, as `create`."""
    members = await members_of(call, "grace", may_be_empty=True)
    grace_s = number_of(members, "grace", low=0, high=GRACE_S_MAX) or 0
    row = await call.parts.links.one(call.office, call.path("id"))
    place = await _place(
        call, lan=row.lan and call.parts.settings.mode is Mode.LOCAL
    )  # first: the new URL must be told
    made = await call.parts.links.rotate(call.who, row.id, round(grace_s * 1000))
    old_until = maybe_rfc3339(made.row.former_until_ms)
    return JsonAnswer(present(**_address(made, place), old_until=old_until))


async def exchange(call: Call) -> Response:
    """Give a grant to whoever has a link's URL. Whoever has not is told the same in every case."""
    members = await members_of(call, "id", "secret")
    link, secret = members.get("id"), members.get("secret")
    if not isinstance(link, str) or not isinstance(secret, str):
        raise InvalidInputError("expected the texts id and secret, got something else")
    with call.parts.guesses.guarded(call.request.client):
        made = await call.parts.links.exchange(link, secret)
    stretch = made.stretch or Stretch()
    body = present(
        grant=made.grant,
        expires=rfc3339(made.expires_ms),
        view=made.view,
        name=made.name,
        **{str(made.shared): made.resource, "from": maybe_rfc3339(stretch.from_ms)},
        to=maybe_rfc3339(stretch.to_ms),
    )
    return JsonAnswer(body)


async def here(call: Call) -> Response:
    """Wait for the end of the link that a guest came by, who is counted meanwhile; 204: it goes on, ask again."""
    link = call.who.link
    if link is None:
        raise nothing_at(call.request.scope["path"])
    wait_s = number_of(
        {"wait": _number(call.request.query_params.get("wait"))}, "wait", low=0, high=HERE_S_MAX
    )
    wait_ms = round((HERE_S if wait_s is None else wait_s) * 1000)
    await call.parts.links.watching.until_end(link, wait_ms, partial(_left, call.request))
    return nothing()


async def _left(request: Request) -> None:
    """Return when whoever asked has gone away."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _number(text: str | None) -> float | str | None:
    """A number of the query; what is none is left as it is, to be refused in words."""
    try:
        return None if text is None else float(text)
    except ValueError:
        return text


def wish_of(members: Mapping[str, Any], now_ms: int) -> Wish:
    """Read what a new link is to be like.

    Raises:
        InvalidInputError: it cannot be; the message names the member.
    """
    recording = text_of(members, "recording", chars_max=ID_CHARS_MAX)
    batch = text_of(members, "batch", chars_max=ID_CHARS_MAX)
    if recording is not None and batch is not None:
        raise InvalidInputError("expected recording or batch, got both: a link shares one thing")
    return Wish(
        view=_view(members, of_batch=batch is not None),
        expires_ms=_expires(members, now_ms),
        label=text_of(members, "label", chars_max=LABEL_CHARS_MAX),
        recording=recording,
        batch=batch,
        stretch=_stretch(members, of_recording=recording is not None),
        origins=_origins(members),
        card=flag_of(members, "card", default=False),
        lan=flag_of(members, "lan", default=False),
    )


def _view(members: Mapping[str, Any], *, of_batch: bool) -> View:
    said = members.get("view")
    view = (View.TITLES if of_batch else View.BATCHES) if said is None else said
    if view not in LINK_VIEWS:
        raise InvalidInputError(f"view: expected one of {', '.join(reversed(LINK_VIEWS))}, got {view!r:.40}")
    if of_batch and view != View.TITLES:
        raise InvalidInputError(f"view: expected titles with a batch, whose results have them, got {view}")
    return View(view)


def _expires(members: Mapping[str, Any], now_ms: int) -> int:
    moment_ms = moment_of(members, "expires")
    if moment_ms is None:
        return now_ms + EXPIRES_DAYS * DAY_MS
    if not now_ms < moment_ms <= now_ms + EXPIRES_DAYS_MAX * DAY_MS:
        raise InvalidInputError(
            f"expires: expected a moment within the next {EXPIRES_DAYS_MAX} days, got {rfc3339(moment_ms)}"
        )
    return moment_ms


def _stretch(members: Mapping[str, Any], *, of_recording: bool) -> Stretch:
    stretch = Stretch(from_ms=moment_of(members, "from"), to_ms=moment_of(members, "to"))
    if stretch != Stretch() and not of_recording:
        raise InvalidInputError("from, to: expected them with a recording only")
    if stretch.from_ms is not None and stretch.to_ms is not None and stretch.from_ms >= stretch.to_ms:
        raise InvalidInputError("from: expected a moment before to, got one that is not")
    return stretch


def _origins(members: Mapping[str, Any]) -> tuple[str, ...]:
    """Read where a link may be embedded. They become part of a header, so nothing but an origin may be in them."""
    found = members.get("origins")
    if found is None:
        return ()
    if not isinstance(found, list) or len(found) > ORIGINS_MAX:
        raise InvalidInputError(f"origins: expected an array of at most {ORIGINS_MAX}")
    for origin in found:
        if (
            not isinstance(origin, str)
            or len(origin) > ORIGIN_CHARS_MAX
            or not _ORIGIN.fullmatch(origin.lower())
        ):
            raise InvalidInputError(
                f"origins: expected `https://host` or `https://host:port`, got {origin!r:.80}"
            )
    return tuple(dict.fromkeys(origin.lower() for origin in found))


async def _place(call: Call, *, lan: bool) -> Place:
    """Where the link will be found; the local network's listener is opened for the first that needs it."""
    if not lan:
        return place_of(call.parts.settings, port_of(call.request.scope, call.parts.settings))
    if call.parts.settings.mode is not Mode.LOCAL:
        raise InvalidInputError("lan: expected it in local mode only; here every link is found at PUBLIC_URL")
    return await call.parts.lan()


def _address(made: Made, place: Place) -> dict[str, Any]:
    row = made.row
    return {
        "id": row.id,
        "url": place.url(row.id, made.secret),
        "view": row.view,
        "expires": rfc3339(row.expires_ms),
        "reach": place.reach,
    }


def _shared(row: LinkRow) -> dict[str, Any]:
    """What a link shares, how much of it, and where."""
    stretch = stretch_of(row) or Stretch()
    return present(
        label=row.label,
        recording=row.recording,
        batch=row.batch,
        **{"from": maybe_rfc3339(stretch.from_ms)},
        to=maybe_rfc3339(stretch.to_ms),
        origins=row.origins,
        card=row.card,
        lan=row.lan,
    )


def _listed(call: Call, row: LinkRow) -> dict[str, Any]:
    links = call.parts.links
    return present(
        id=row.id,
        view=row.view,
        created=rfc3339(row.created_ms),
        expires=rfc3339(row.expires_ms),
        revoked=maybe_rfc3339(row.revoked_ms),
        state=links.state(row),
        viewers=links.audience.count(row.id),
        viewers_max=links.viewers_max(row),
        **_shared(row),
    )
