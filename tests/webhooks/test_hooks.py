"""Webhooks over HTTP: what is taken, what is refused, what comes back."""

from pathlib import Path

import pytest

from server.store.hooks import HookRow, OffReason
from server.webhooks.hooks import Change, changed, webhooks_max
from server.webhooks.seals import opened
from tests.fakes.receiver import receiving
from tests.routes.conftest import Front
from tests.webhooks.room import add, deliveries, delivering, ended, select

ROW = HookRow(
    id="h", account="a", url="https://a.example/", label=None, enabled=True, edition=3, off_reason=None, off_ms=None,
    failing_ms=5, resume_ms=6, delivered_ms=4, created_ms=1,
)  # fmt: skip


def test_what_leads_elsewhere_or_is_switched_on_begins_with_a_clean_record() -> None:
    moved = changed(ROW, Change(url="https://b.example/"), 9)
    assert (moved.url, moved.edition, moved.failing_ms, moved.resume_ms) == (
        "https://b.example/",
        4,
        None,
        None,
    )
    off = changed(ROW, Change(enabled=False), 9)
    assert (off.enabled, off.off_reason, off.off_ms, off.edition) == (False, OffReason.OWNER, 9, 4)
    on = changed(off, Change(enabled=True), 10)
    assert (on.enabled, on.off_reason, on.off_ms, on.edition) == (True, None, None, 5)
    elsewhere = changed(off, Change(url="https://b.example/"), 10)
    assert (elsewhere.enabled, elsewhere.off_reason) == (False, OffReason.OWNER)


def test_a_label_or_what_is_so_already_changes_no_more_than_that() -> None:
    assert changed(ROW, Change(label="CRM"), 9).edition == 3
    assert changed(ROW, Change(label="CRM"), 9).label == "CRM"
    assert changed(ROW, Change(enabled=True, url=ROW.url), 9) == ROW


async def test_a_secret_is_told_once_and_lies_sealed(front: Front) -> None:
    made = (await front.ask("POST", "/webhooks", json={"url": "http://127.0.0.1:9/", "label": "Mine"})).json()
    assert made["secret"].startswith("whsec_")
    listed = await front.ask("GET", "/webhooks")
    assert made["secret"] not in listed.text
    assert listed.json() == {
        "items": [{name: made[name] for name in made if name != "secret"}],
        "sending": True,
    }
    ((account, body, wrapped),) = await select(front, "SELECT account, body, wrapped FROM hook_secrets")
    assert account == front.owner.account
    assert made["secret"].encode() not in body + wrapped
    from server.store.hooksecrets import good_secrets

    async with front.db.read() as conn:
        rows = await good_secrets(conn, made["id"], front.clock.now_ms())
    assert opened(front.vault, rows) == [made["secret"]]
    assert (await front.get("/audit"))["items"][0]["what"] == "webhook.made"


async def test_no_more_than_ten(front: Front) -> None:
    for _ in range(webhooks_max):
        assert (await front.ask("POST", "/webhooks", json={"url": "http://127.0.0.1:9/"})).status_code == 201
    refused = await front.ask("POST", "/webhooks", json={"url": "http://127.0.0.1:9/"})
    assert (refused.status_code, refused.json()["code"], refused.json()["limit"]) == (
        413,
        "limit_exceeded",
        "webhooks_max",
    )
    assert "expected at most 10 webhooks (webhooks_max), got one more" in refused.json()["detail"]


@pytest.mark.parametrize(
    "body", [{}, {"url": 7}, {"url": None}, {"url": "nothing"}, {"url": "http://a.example/", "label": ""}, {"url": "http://a.example/", "x": 1}, []]
)  # fmt: skip
async def test_what_is_not_understood_is_refused_and_nothing_kept(front: Front, body: object) -> None:
    assert (await front.ask("POST", "/webhooks", json=body)).status_code == 400
    assert (await front.get("/webhooks"))["items"] == []


async def test_it_is_changed_and_deleted(front: Front) -> None:
    made = (await front.ask("POST", "/webhooks", json={"url": "http://127.0.0.1:9/"})).json()
    path = f"/webhooks/{made['id']}"
    changed_ = await front.ask(
        "PATCH", path, json={"url": "http://127.0.0.1:10/x", "label": "New", "enabled": False}
    )
    assert changed_.status_code == 200
    found = changed_.json()
    assert (found["url"], found["label"], found["state"], found["off"]) == (
        "http://127.0.0.1:10/x",
        "New",
        "off",
        "owner",
    )
    for wrong in ({}, {"enabled": "yes"}, {"url": "x"}, {"secret": "whsec_AAAA"}):
        assert (await front.ask("PATCH", path, json=wrong)).status_code == 400
    assert [deed["what"] for deed in (await front.get("/audit"))["items"]][:3] == [
        "webhook.off",
        "webhook.moved",
        "webhook.made",
    ]
    assert (await front.ask("DELETE", path)).status_code == 204
    for method, rest in (
        ("PATCH", ""),
        ("DELETE", ""),
        ("POST", "/rotate"),
        ("POST", "/ping"),
        ("GET", "/deliveries"),
        ("POST", "/deliveries/x/retry"),
    ):
        answer = await front.ask(method, path + rest, json={"label": "x"} if method == "PATCH" else None)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), (method, rest)


async def test_deliveries_come_by_pages_newest_first(tmp_path: Path) -> None:
    async with delivering(tmp_path) as front, receiving() as receiver:
        made = await add(front, receiver)
        batches = [await ended(front) for _ in range(5)]
        everything = await deliveries(front, made["id"])
        assert [row["batch"] for row in everything] == batches[::-1]
        path, found, cursor = f"/webhooks/{made['id']}/deliveries", [], None
        while True:
            query = {"limit": "2"} | ({"cursor": cursor} if cursor else {})
            page = await front.get(path, **query)
            found += page["items"]
            cursor = page.get("next")
            if cursor is None:
                break
        assert found == everything


async def test_a_ping_and_a_retry_are_done_once_for_each_key(tmp_path: Path) -> None:
    async with delivering(tmp_path) as front, receiving() as receiver:
        made = await add(front, receiver)
        key = {"idempotency-key": "once"}
        first = await front.ask("POST", f"/webhooks/{made['id']}/ping", headers=key)
        again = await front.ask("POST", f"/webhooks/{made['id']}/ping", headers=key)
        assert first.json() == again.json()
        await front.clock.advance(0)
        assert len(receiver.messages) == 1
