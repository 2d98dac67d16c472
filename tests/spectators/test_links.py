"""Links: made within the plan, exchanged by who has the secret, ended at once and for good."""

import asyncio
from base64 import urlsafe_b64decode
from dataclasses import replace

import pytest
from sqlalchemy import text

from server.errors import (
    ConflictError,
    LimitExceededError,
    LinkEndedError,
    NotFoundError,
    TierRequiredError,
)
from server.model import Role, Scope, Shared, Stretch, View
from server.spectators import links as module
from server.spectators.grant import grant_ms
from server.spectators.links import listed_ms
from server.spectators.standing import LinkState
from server.store.audit import audit_page
from server.store.recordings import drop
from tests.fakes.clock import START_MS
from tests.spectators.conftest import HOUR_MS, OWNER, Desk

OTHER = replace(OWNER, account="account2", office="office2")


async def test_who_made_ended_and_rotated_a_link_is_written_down(gated: Desk) -> None:
    made = await gated.create(view=View.FIGURES)
    with pytest.raises(TierRequiredError):
        await gated.create()
    await gated.links.rotate(OWNER, made.row.id, 5_000)
    for _ in range(2):
        await gated.links.revoke(OWNER, made.row.id)
    async with gated.db.read() as conn:
        deeds = (await audit_page(conn, OWNER.account, limit=9))[::-1]
    assert [(deed.what, deed.about, deed.actor) for deed in deeds] == [
        (what, made.row.id, OWNER.actor) for what in ("link.made", "link.rotated", "link.revoked")
    ]
    assert deeds[0].detail == {"view": "figures", "shares": "office"}
    assert deeds[1].detail == {"grace_ms": 5_000}
    assert made.secret not in repr(deeds)


async def test_a_secret_has_256_bits_and_only_its_hash_is_kept(desk: Desk) -> None:
    made = await desk.create(label="Wall")
    assert len(urlsafe_b64decode(made.secret + "=")) == 32
    assert made.secret not in repr(made)
    async with desk.db.read() as conn:
        rows = repr((await conn.execute(text("SELECT * FROM links"))).all())
    assert "Wall" in rows
    assert made.secret not in rows


async def test_a_link_to_the_office_gives_a_guest_who_sees_its_view_and_may_read(desk: Desk) -> None:
    made = await desk.create(view=View.FIGURES)
    got = await desk.links.exchange(made.row.id, made.secret)
    assert (got.shared, got.resource, got.view, got.name) == (
        Shared.OFFICE, "office1", View.FIGURES, "Nice office",
    )  # fmt: skip
    assert got.expires_ms == START_MS + grant_ms
    assert got.grant not in repr(got)
    guest = await desk.links.by_grant(got.grant)
    assert guest is not None
    assert (guest.role, guest.view, guest.office) == (Role.GUEST, View.FIGURES, "office1")
    assert guest.scopes == {Scope.READ}
    assert guest.link is not None
    assert guest.link.expires_ms == START_MS + HOUR_MS


async def test_a_grant_lasts_ten_minutes_and_never_longer_than_its_link(desk: Desk) -> None:
    made = await desk.create(expires_ms=START_MS + 1_000)
    short = await desk.links.exchange(made.row.id, made.secret)
    assert short.expires_ms == START_MS + 1_000
    made = await desk.create()
    got = await desk.links.exchange(made.row.id, made.secret)
    await desk.clock.advance(grant_ms - 1)
    assert await desk.links.by_grant(got.grant) is not None
    await desk.clock.advance(1)
    assert await desk.links.by_grant(got.grant) is None


async def test_a_stretch_of_a_recording_goes_with_the_guest(desk: Desk) -> None:
    stretch = Stretch(from_ms=5, to_ms=9)
    made = await desk.create(recording="recording1", stretch=stretch)
    got = await desk.links.exchange(made.row.id, made.secret)
    assert (got.shared, got.resource, got.stretch) == (Shared.RECORDING, "recording1", stretch)
    guest = await desk.links.by_grant(got.grant)
    assert guest is not None
    assert guest.link is not None
    assert guest.link.stretch == stretch


@pytest.mark.parametrize("field", ["recording", "batch"])
async def test_what_is_another_offices_cannot_be_shared(desk: Desk, field: str) -> None:
    with pytest.raises(NotFoundError):
        await desk.create(**{field: "recording2"})
    with pytest.raises(NotFoundError):
        await desk.create(**{field: "nothing"})


async def test_a_link_whose_recording_was_deleted_has_ended(desk: Desk) -> None:
    made = await desk.create(recording="recording1")
    grant = (await desk.links.exchange(made.row.id, made.secret)).grant
    async with desk.db.write() as tx:
        await drop(tx.conn, "office1", "recording1")
    with pytest.raises(LinkEndedError):
        await desk.links.exchange(made.row.id, made.secret)
    with pytest.raises(LinkEndedError):
        await desk.links.by_grant(grant)
    assert [desk.links.state(row) for row in await desk.links.listed("office1", limit=5)] == [
        LinkState.EXPIRED
    ]


async def test_a_revoked_link_is_good_for_nothing_and_may_be_revoked_again(desk: Desk) -> None:
    made = await desk.create()
    grant = (await desk.links.exchange(made.row.id, made.secret)).grant
    guest = await desk.links.by_grant(grant)
    assert guest is not None
    assert guest.link is not None
    closed: list[str] = []
    desk.audience.enter(guest.link, lambda: closed.append("closed"))
    with pytest.raises(NotFoundError):
        await desk.links.revoke(OTHER, made.row.id)
    assert closed == []
    await desk.links.revoke(OWNER, made.row.id)
    await desk.links.revoke(OWNER, made.row.id)
    assert closed == ["closed"]
    with pytest.raises(LinkEndedError):
        await desk.links.by_grant(grant)
    with pytest.raises(LinkEndedError):
        await desk.links.exchange(made.row.id, made.secret)
    with pytest.raises(ConflictError, match="revoked"):
        await desk.links.rotate(OWNER, made.row.id)


async def test_who_was_looked_up_just_before_the_end_does_not_come_in_after_it(desk: Desk) -> None:
    made = await desk.create()
    grant = (await desk.links.exchange(made.row.id, made.secret)).grant
    guest = await desk.links.by_grant(grant)
    await desk.links.revoke(OWNER, made.row.id)
    assert guest is not None
    assert guest.link is not None
    with pytest.raises(LinkEndedError):
        desk.audience.enter(guest.link, lambda: None)


async def test_a_rotation_without_grace_ends_the_former_url_and_who_came_by_it(desk: Desk) -> None:
    made = await desk.create()
    grant = (await desk.links.exchange(made.row.id, made.secret)).grant
    again = await desk.links.rotate(OWNER, made.row.id)
    assert again.row.former_until_ms is None
    for lost in (desk.links.exchange(made.row.id, made.secret), desk.links.by_grant(grant)):
        with pytest.raises(LinkEndedError):
            await lost
    fresh = await desk.links.exchange(again.row.id, again.secret)
    assert await desk.links.by_grant(fresh.grant) is not None


async def test_a_grace_keeps_the_former_url_good_for_so_long_and_only_the_last_one(desk: Desk) -> None:
    first = await desk.create()
    second = await desk.links.rotate(OWNER, first.row.id, 60_000)
    assert second.row.former_until_ms == START_MS + 60_000
    old = await desk.links.exchange(first.row.id, first.secret)
    assert old.expires_ms == START_MS + 60_000
    await desk.clock.advance(30_000)
    third = await desk.links.rotate(OWNER, first.row.id, 60_000)
    for lost in (desk.links.exchange(first.row.id, first.secret), desk.links.by_grant(old.grant)):
        with pytest.raises(LinkEndedError):
            await lost
    assert await desk.links.exchange(first.row.id, second.secret)
    await desk.clock.advance(60_000)
    with pytest.raises(LinkEndedError):
        await desk.links.exchange(first.row.id, second.secret)
    assert await desk.links.exchange(first.row.id, third.secret)


async def test_a_grace_does_not_outlast_the_link(desk: Desk) -> None:
    made = await desk.create()
    again = await desk.links.rotate(OWNER, made.row.id, 2 * HOUR_MS)
    assert again.row.former_until_ms == made.row.expires_ms


async def test_a_plan_has_so_many_live_links_and_names_the_one_that_has_more(gated: Desk) -> None:
    first = await gated.create()
    with pytest.raises(TierRequiredError, match=r"at most 1 at a time with Free.*Starter has 5") as refused:
        await gated.create()
    assert refused.value.extra == {"tier": "starter"}
    await gated.links.revoke(OWNER, first.row.id)
    made = await gated.create()
    got = await gated.links.exchange(made.row.id, made.secret)
    guest = await gated.links.by_grant(got.grant)
    assert guest is not None
    assert guest.link is not None
    assert guest.link.viewers_max == 5
    await gated.tier("enterprise")
    await asyncio.gather(*(gated.create() for _ in range(60)))


async def test_in_local_mode_nothing_is_gated_but_there_is_an_end(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "links_max", 3)
    made = [await desk.create() for _ in range(3)]
    assert desk.links.viewers_max(made[0].row) is None
    with pytest.raises(LimitExceededError, match="links_max: expected at most 3"):
        await desk.create()


async def test_what_has_ended_is_listed_for_a_day_and_then_forgotten(desk: Desk) -> None:
    made = await desk.create(expires_ms=START_MS + 10 * HOUR_MS)
    await desk.links.revoke(OWNER, made.row.id)
    await desk.clock.advance(listed_ms - 1)
    assert [row.id for row in await desk.links.listed("office1", limit=5)] == [made.row.id]
    await desk.clock.advance(1)
    assert await desk.links.listed("office1", limit=5) == []
    assert (await desk.links.shown(made.row.id)) is not None
    await desk.create(expires_ms=START_MS + 100 * HOUR_MS)
    assert await desk.links.shown(made.row.id) is None


async def test_what_is_shown_of_a_link_needs_no_secret_and_tells_none(desk: Desk) -> None:
    made = await desk.create(origins=("https://one",), card=True, recording="recording1")
    shown = await desk.links.shown(made.row.id)
    assert shown is not None
    assert (shown.office, shown.state, shown.view) == ("office1", LinkState.LIVE, View.BATCHES)
    assert (shown.origins, shown.card, shown.shared, shown.resource) == (
        ("https://one",), True, Shared.RECORDING, "recording1",
    )  # fmt: skip
    for other in ("", ":link", "a" * 19, made.row.id.upper(), made.row.id + "\n", made.row.id[:-1]):
        assert await desk.links.shown(other) is None


async def test_those_who_come_at_once_are_one_question(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    made = await desk.create()
    grant = (await desk.links.exchange(made.row.id, made.secret)).grant
    asked, read = [], module.link_row

    async def counted(conn, link):
        asked.append(link)
        return await read(conn, link)

    monkeypatch.setattr(module, "link_row", counted)
    guests = await asyncio.gather(*(desk.links.by_grant(grant) for _ in range(50)))
    assert len({guest.link.id for guest in guests if guest and guest.link}) == 1
    assert len(asked) == 1
    assert await desk.links.by_grant(grant) is not None
    assert len(asked) == 2


async def test_a_member_of_another_office_reaches_nothing(desk: Desk) -> None:
    made = await desk.create()
    for lost in (desk.links.revoke(OTHER, made.row.id), desk.links.rotate(OTHER, made.row.id)):
        with pytest.raises(NotFoundError):
            await lost
    assert await desk.links.listed(OTHER.office, limit=5) == []
