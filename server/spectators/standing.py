"""How a link stands at a moment: live or over, until when for whom, and who a guest is that came by it."""

from dataclasses import dataclass
from enum import StrEnum

from server.model import Identity, Link, Role, Scope, Shared, Stretch, View
from server.store.links import LinkRow


class LinkState(StrEnum):
    """A link whose recording or batch was deleted counts as expired."""

    LIVE = "live"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkShown:
    """What whoever knows a link's id may be told or shown without its secret, and what pictures are made from.

    `origins`: where it may be embedded; `card`: whether its picture is the live one, in this `view`, and its preview may
    name what it shows.
    """

    id: str
    office: str
    state: LinkState
    view: View
    shared: Shared
    resource: str
    stretch: Stretch | None
    origins: tuple[str, ...]
    card: bool
    name: str


def state_of(row: LinkRow, now_ms: int) -> LinkState:
    """Live, expired or revoked."""
    if row.revoked_ms is not None:
        return LinkState.REVOKED
    return LinkState.EXPIRED if row.gone or row.expires_ms <= now_ms else LinkState.LIVE


def shared_of(row: LinkRow) -> tuple[Shared, str]:
    """What a link shares, and its id."""
    if row.recording is not None:
        return Shared.RECORDING, row.recording
    if row.batch is not None:
        return Shared.BATCH, row.batch
    return Shared.OFFICE, row.office


def stretch_of(row: LinkRow) -> Stretch | None:
    """What a recording's link is locked to."""
    if row.from_ms is None and row.to_ms is None:
        return None
    return Stretch(from_ms=row.from_ms, to_ms=row.to_ms)


def name_of(row: LinkRow) -> str:
    """What a guest may call it: the batch's name, else the office's."""
    return row.office_name if row.batch_name is None else row.batch_name


def good_until(row: LinkRow, edition: int, now_ms: int) -> int | None:
    """Until when a link is good for whoever knew the secret of this edition; None: it is not, or no longer."""
    if row.still or state_of(row, now_ms) is not LinkState.LIVE:
        return None
    until_ms: int | None = None
    if edition == row.edition:
        until_ms = row.expires_ms
    elif edition == row.edition - 1 and row.former is not None and row.former_until_ms is not None:
        until_ms = min(row.expires_ms, row.former_until_ms)
    return until_ms if until_ms is not None and now_ms < until_ms else None


def guest_of(row: LinkRow, edition: int, until_ms: int, viewers_max: int | None) -> Identity:
    """Who has come by a link."""
    shared, resource = shared_of(row)
    return Identity(
        account=row.account,
        office=row.office,
        role=Role.GUEST,
        view=View(row.view),
        scopes=frozenset({Scope.READ}),
        link=Link(
            id=row.id,
            shared=shared,
            resource=resource,
            stretch=stretch_of(row),
            expires_ms=until_ms,
            edition=edition,
            viewers_max=viewers_max,
        ),
    )


def shown_of(row: LinkRow, now_ms: int) -> LinkShown:
    """What may be told of a link."""
    shared, resource = shared_of(row)
    return LinkShown(
        id=row.id,
        office=row.office,
        state=LinkState.EXPIRED if row.still else state_of(row, now_ms),
        view=View(row.view),
        shared=shared,
        resource=resource,
        stretch=stretch_of(row),
        origins=row.origins,
        card=row.card,
        name=name_of(row),
    )
