"""Ended batches arrive, whatever the receiver does: the whole way from the scheduler to real sockets, on a fake clock."""

from itertools import pairwise
from pathlib import Path

import pytest

from server.store.hooks import OffReason
from server.webhooks.courier import UNSIGNED, Courier
from server.webhooks.schedule import FAILING_MS, WAITS_MS
from server.webhooks.webhooks import Webhooks
from tests.fakes.listening import refusing
from tests.fakes.receiver import OK, receiving, says_nothing, status
from tests.webhooks.room import DAY_MS, HOUR_MS, add, deliveries, delivering, ended, hook, is_signed, select


def test_it_is_put_together_from_these() -> None:
    assert {"courier", "herald", "hooks"} <= set(Webhooks.__dataclass_fields__)
    assert Courier.__doc__


async def test_a_batch_that_is_done_is_told_once_signed_and_without_what_was_in_it(tmp_path: Path) -> None:
    async with delivering(tmp_path) as front, receiving() as receiver:
        made = await add(front, receiver)
        batch = await ended(front, 3, name="Länder")
        (message,) = receiver.messages
        assert is_signed(message, [made["secret"]])
        assert int(message.headers["webhook-timestamp"]) == front.clock.now_ms() // 1000
        assert message.kind == "batch.done"
        shown = await front.get(f"/batches/{batch}")
        del shown["formats"]  # how results can be had is a matter of who asks
        assert message.data == shown
        assert (shown["state"], shown["done"], shown["name"]) == ("done", 3, "Länder")
        assert b"row 1" not in message.body
        (row,) = await deliveries(front, made["id"])
        assert message.id == f"msg_{row['id']}"
        assert (row["event"], row["batch"], row["state"], row["attempts"], row["status"]) == (
            "batch.done", batch, "delivered", 1, 200,
        )  # fmt: skip
        found = await hook(front, made["id"])
        assert (found["state"], found["waiting"], found["delivered"]) == ("ok", 0, row["ended"])


async def test_a_batch_that_is_cancelled_says_so_whether_something_ran_or_not(tmp_path: Path) -> None:
    async with delivering(tmp_path) as front, receiving() as receiver:
        await add(front, receiver)
        first = await front.submit(30)
        await front.ask("POST", f"/batches/{first}/cancel")
        await front.clock.advance(60_000)
        second = await front.submit(2)
        await front.ask("POST", f"/batches/{second}/pause")
        await front.clock.advance(60_000)
        third = await front.submit(1, slots=1)
        await front.ask("POST", f"/batches/{third}/cancel")
        await front.clock.advance(60_000)
        told = {message.data["id"]: message.kind for message in receiver.messages}
    assert told == {first: "batch.cancelled", second: "batch.done", third: "batch.cancelled"}
    assert len(receiver.messages) == 3


async def test_a_batch_that_is_tried_again_ends_again_and_is_told_as_it_was_each_time(tmp_path: Path) -> None:
    async with delivering(tmp_path) as front, receiving(*[status(500)] * 3) as receiver:
        made = await add(front, receiver)
        batch = await front.submit(2)
        (await front.ask("POST", f"/tasks/{(await front.get('/tasks'))['items'][0]['id']}/cancel"))
        await front.clock.advance(60_000)
        cancelled = next(t for t in (await front.get("/tasks"))["items"] if t["state"] == "cancelled")
        assert (await front.ask("POST", f"/tasks/{cancelled['id']}/retry")).status_code == 200
        await front.clock.advance(HOUR_MS)
        rows = await deliveries(front, made["id"])
    assert len(rows) == 2
    by_id = {}
    for message in receiver.messages:
        by_id.setdefault(message.id, []).append((message.data["done"], message.data["cancelled"]))
        assert message.data["id"] == batch
    told = [by_id[f"msg_{row['id']}"] for row in reversed(rows)]
    assert [set(each) for each in told] == [{(1, 1)}, {(2, 0)}], (
        "as it was when it happened, at every attempt"
    )


async def test_what_fails_is_tried_again_by_the_schedule_under_the_same_id(tmp_path: Path) -> None:
    async with delivering(tmp_path) as front, receiving(*[status(500)] * 4) as receiver:
        made = await add(front, receiver)
        await ended(front)
        moments = [int(receiver.messages[0].headers["webhook-timestamp"])]
        for number, wait_ms in enumerate(WAITS_MS[:4], 2):
            (row,) = await deliveries(front, made["id"])
            assert (row["state"], row["status"], row["attempts"]) == ("waiting", 500, number - 1)
            assert row["reason"] == "It answered 500 (Internal Server Error)"
            assert (await hook(front, made["id"]))["state"] == "failing"
            await front.clock.advance(wait_ms - 1_000)
            assert len(receiver.messages) == number - 1
            await front.clock.advance(1_000)
            assert len(receiver.messages) == number
            moments.append(int(receiver.messages[-1].headers["webhook-timestamp"]))
        assert [b - a for a, b in pairwise(moments)] == [5, 30, 120, 600]
        assert len({message.id for message in receiver.messages}) == 1
        assert all(is_signed(message, [made["secret"]]) for message in receiver.messages)
        (row,) = await deliveries(front, made["id"])
        assert (row["state"], row["attempts"], row.get("reason"), row.get("next")) == (
            "delivered",
            5,
            None,
            None,
        )
        assert (await hook(front, made["id"]))["state"] == "ok"


async def test_after_three_days_it_is_given_up_and_can_be_sent_by_hand(tmp_path: Path) -> None:
    async with delivering(tmp_path) as front, receiving() as receiver:
        receiver.usual = status(503)
        made = await add(front, receiver)
        await ended(front)
        await front.clock.advance(4 * DAY_MS)
        assert len(receiver.messages) == len(WAITS_MS) + 1
        (row,) = await deliveries(front, made["id"])
        assert (row["state"], row["attempts"], row["status"], row.get("next")) == ("failed", 14, 503, None)
        assert front.webhooks.figures().failed_total == 1
        receiver.usual = OK
        path = f"/webhooks/{made['id']}/deliveries/{row['id']}/retry"
        assert (await front.ask("POST", path)).json()["state"] == "waiting"
        await front.clock.advance(0)
        (row,) = await deliveries(front, made["id"])
        assert (row["state"], row["attempts"]) == ("delivered", 15)
        assert (await front.ask("POST", path)).status_code == 202, (
            "also what has arrived: it may have been lost there"
        )
        await front.clock.advance(0)
        assert len({message.id for message in receiver.messages}) == 1
        assert len(receiver.messages) == 16


async def test_who_asks_for_time_is_left_alone_with_everything(tmp_path: Path) -> None:
    async with delivering(tmp_path) as front, receiving(status(429, retry_after="3600")) as receiver:
        await add(front, receiver)
        await ended(front)
        assert len(receiver.messages) == 1
        await ended(front)
        await front.clock.advance(HOUR_MS - 120_000)
        assert len(receiver.messages) == 1, "the second batch waits too"
        await front.clock.advance(120_000)
        assert len(receiver.messages) == 3


async def test_who_answers_410_is_asked_no_more_until_it_is_switched_on(tmp_path: Path) -> None:
    async with delivering(tmp_path) as front, receiving(status(410)) as receiver:
        made = await add(front, receiver)
        await ended(front)
        found = await hook(front, made["id"])
        assert (found["state"], found["enabled"], found["off"], found["waiting"]) == (
            "off",
            False,
            OffReason.GONE,
            1,
        )
        deed = (await front.get("/audit"))["items"][0]
        assert (deed["what"], deed["actor"], deed["about"]) == ("webhook.off", "server", made["id"])
        assert deed["detail"] == {"host": f"127.0.0.1:{receiver.port}", "reason": "gone"}
        await ended(front)
        await front.clock.advance(DAY_MS)
        assert len(receiver.messages) == 1
        assert len(await deliveries(front, made["id"])) == 1, "nothing is written down for what is off"
        retry = f"/webhooks/{made['id']}/deliveries/{(await deliveries(front, made['id']))[0]['id']}/retry"
        assert (await front.ask("POST", retry)).json()["code"] == "conflict"
        on = await front.ask("PATCH", f"/webhooks/{made['id']}", json={"enabled": True})
        assert (on.json()["state"], "off" in on.json()) == ("ok", False)
        await front.clock.advance(0)
        assert len(receiver.messages) == 2
        assert (await deliveries(front, made["id"]))[0]["state"] == "delivered"


async def test_where_nothing_arrives_for_five_days_nothing_is_sent_any_more(tmp_path: Path) -> None:
    async with delivering(tmp_path) as front, refusing() as port:
        made = (await front.ask("POST", "/webhooks", json={"url": f"http://127.0.0.1:{port}/"})).json()
        await ended(front)
        since_ms = front.clock.now_ms()
        await front.clock.advance(3 * DAY_MS)
        await ended(front)
        found = await hook(front, made["id"])
        assert (found["state"], found["enabled"]) == ("failing", True)
        while (await hook(front, made["id"]))["enabled"]:
            assert front.clock.now_ms() < since_ms + 7 * DAY_MS
            await front.clock.advance(HOUR_MS)
        assert front.clock.now_ms() >= since_ms + FAILING_MS - HOUR_MS
        assert (await hook(front, made["id"]))["off"] == OffReason.FAILING
        assert front.webhooks.figures().switched_off_total == 1


async def test_two_addresses_go_their_own_ways(tmp_path: Path) -> None:
    async with delivering(tmp_path) as front, receiving() as well, receiving(status(500)) as ill:
        first, second = await add(front, well), await add(front, ill, label="ill")
        await ended(front)
        assert (len(well.messages), len(ill.messages)) == (1, 1)
        assert well.messages[0].id != ill.messages[0].id
        assert (await deliveries(front, first["id"]))[0]["state"] == "delivered"
        assert (await deliveries(front, second["id"]))[0]["state"] == "waiting"
        await front.clock.advance(5_000)
        assert (len(well.messages), len(ill.messages)) == (1, 2)


async def test_one_that_does_not_answer_holds_nobody_up(tmp_path: Path) -> None:
    async with delivering(tmp_path) as front, receiving() as well, receiving() as dead:
        dead.usual = says_nothing
        await add(front, dead)
        front.clock.settle = front.scheduler.settled  # what is on its way to the dead one is not waited for
        for _ in range(6):
            await front.submit(1)
        await front.clock.advance(60_000)
        await dead.has(2)
        assert await select(front, "SELECT count(*) FROM hook_deliveries WHERE due_ms IS NOT NULL") == [(6,)]
        assert len(dead.messages) == 2, "no more at a time"
        await add(front, well)
        for _ in range(6):
            await front.submit(1)
        await front.clock.advance(60_000)
        await well.has(6)
        assert len({message.id for message in well.messages}) == 6


async def test_of_a_downgraded_account_nothing_is_sent_and_nothing_lost(tmp_path: Path) -> None:
    from tests.routes.hosted import hosted
    from tests.webhooks.hostage import to_loopback

    async with receiving(status(500)) as receiver, hosted(tmp_path, backend=to_loopback(receiver)) as it:
        from tests.webhooks.room import going

        going(it.front)
        owner = await it.person("ada@example.org")
        refused = await owner.ask("POST", "/webhooks", json={"url": "https://hooks.example/"})
        assert (refused.status_code, refused.json()["code"], refused.json()["tier"]) == (
            403,
            "tier_required",
            "enterprise",
        )
        await it.change("ada@example.org", tier="enterprise")
        made = await owner.ask("POST", "/webhooks", json={"url": "https://hooks.example/"})
        assert made.status_code == 201, made.text
        body = {"kind": "demo", "params": {"seconds": 60}, "tasks": [{"input": {}}]}
        await owner.ask("POST", "/batches", json=body)
        await it.front.clock.advance(61_000)
        assert len(receiver.messages) == 1
        await it.change("ada@example.org", tier="pro")
        await owner.ask("POST", "/batches", json=body)
        await it.front.clock.advance(HOUR_MS)
        assert len(receiver.messages) == 1
        listed = await owner.get("/webhooks")
        assert (listed["sending"], [each["waiting"] for each in listed["items"]]) == (False, [1])
        ping = await owner.ask("POST", f"/webhooks/{made.json()['id']}/ping")
        assert ping.json()["code"] == "tier_required"
        await it.change("ada@example.org", tier="enterprise")
        await it.front.clock.advance(0)
        assert len(receiver.messages) == 2, "what waited goes on; what ended meanwhile was not told"
        await it.change("ada@example.org", suspended=True)
        assert (await owner.ask("DELETE", f"/webhooks/{made.json()['id']}")).status_code == 204


async def test_a_former_secret_is_good_for_a_day(tmp_path: Path) -> None:
    async with delivering(tmp_path) as front, receiving() as receiver:
        made = await add(front, receiver)
        rotated = (await front.ask("POST", f"/webhooks/{made['id']}/rotate")).json()
        assert rotated["secret"] != made["secret"]
        await front.clock.advance(1_000)
        await ended(front)
        await front.clock.advance(DAY_MS)
        await ended(front)
        both, one = receiver.messages
        assert is_signed(both, [rotated["secret"], made["secret"]])
        assert is_signed(one, [rotated["secret"]])
        for _ in range(4):
            last = await front.ask("POST", f"/webhooks/{made['id']}/rotate")
            assert last.status_code == 200
        refused = await front.ask("POST", f"/webhooks/{made['id']}/rotate")
        assert (refused.json()["code"], refused.json()["limit"]) == (
            "limit_exceeded",
            "secrets_of_webhook_max",
        )
        await ended(front)
        assert receiver.messages[-1].headers["webhook-signature"].count("v1,") == 5, (
            "the refused one changed nothing"
        )


async def test_a_secret_that_does_not_open_switches_its_webhook_off_and_a_new_one_mends_it(
    tmp_path: Path,
) -> None:
    async with delivering(tmp_path) as front, receiving() as receiver:
        made, other = await add(front, receiver), await add(front, receiver)
        async with front.db.write() as tx:
            await tx.conn.exec_driver_sql(
                "UPDATE hook_secrets SET body = x'00' WHERE hook = ?", (made["id"],)
            )
        await ended(front)
        found = await hook(front, made["id"])
        assert (found["state"], found["off"], found["waiting"]) == ("off", "secret", 1)
        assert len(receiver.messages) == 1, "the other one goes on"
        ping = (await front.ask("POST", f"/webhooks/{made['id']}/ping")).json()
        await front.clock.advance(0)
        tried = next(each for each in await deliveries(front, made["id"]) if each["id"] == ping["id"])
        assert (tried["state"], tried["reason"]) == ("failed", UNSIGNED)
        secret = (await front.ask("POST", f"/webhooks/{made['id']}/rotate")).json()["secret"]
        await front.ask("PATCH", f"/webhooks/{made['id']}", json={"enabled": True})
        await front.clock.advance(0)
        assert is_signed(receiver.messages[-1], [secret])
        assert (await hook(front, made["id"]))["waiting"] == 0
        assert (await hook(front, other["id"]))["state"] == "ok"


async def test_a_test_message_is_sent_once_also_to_what_is_off(tmp_path: Path) -> None:
    async with delivering(tmp_path) as front, receiving(status(500)) as receiver:
        made = await add(front, receiver, label="Desk")
        path = f"/webhooks/{made['id']}"
        await front.ask("PATCH", path, json={"enabled": False})
        for state in ("failed", "delivered"):
            sent = await front.ask("POST", f"{path}/ping")
            assert (sent.status_code, sent.json()["event"], sent.json()["state"]) == (202, "ping", "waiting")
            await front.clock.advance(HOUR_MS)
            assert (await deliveries(front, made["id"]))[0]["state"] == state
        assert [message.kind for message in receiver.messages] == ["ping", "ping"]
        assert receiver.messages[0].data == {"webhook": made["id"], "label": "Desk"}
        assert (await hook(front, made["id"]))["off"] == "owner"
        for _ in range(10):
            await front.ask("POST", f"{path}/ping")
        refused = await front.ask("POST", f"{path}/ping")
        assert (refused.status_code, refused.json()["code"]) == (429, "too_many_attempts")


async def test_who_has_none_costs_nothing(tmp_path: Path) -> None:
    async with delivering(tmp_path) as front:
        await ended(front)
        assert await select(front, "SELECT count(*) FROM hook_deliveries") == [(0,)]
        assert front.webhooks.courier._rounds._timer is None
        assert front.webhooks.figures().waiting == 0


async def test_a_deleted_one_leaves_nothing_behind(tmp_path: Path) -> None:
    async with delivering(tmp_path) as front, receiving() as receiver:
        receiver.usual = status(500)
        made = await add(front, receiver)
        await ended(front)
        assert front.webhooks.figures().waiting in {0, 1}
        assert (await front.ask("DELETE", f"/webhooks/{made['id']}")).status_code == 204
        await front.clock.advance(DAY_MS)
        assert len(receiver.messages) == 1
        for table in ("hooks", "hook_secrets", "hook_deliveries"):
            assert await select(front, f"SELECT count(*) FROM {table}") == [(0,)]
        assert front.webhooks.herald.accounts == set()


@pytest.mark.parametrize("step", ["before the answer", "before it is written"])
async def test_what_was_on_its_way_when_the_server_died_is_sent_again_under_the_same_id(
    tmp_path: Path, step: str
) -> None:
    async with delivering(tmp_path) as front, receiving() as receiver:
        await add(front, receiver)
        front.clock.settle = front.scheduler.settled
        courier = front.webhooks.courier
        if step == "before the answer":
            receiver.plays = [says_nothing]
        else:
            courier._books.enter = lambda _entry: None  # type: ignore[method-assign]
        await ended(front)
        await receiver.has(1)
        await courier.stop()  # the rows are all that a next server has
        assert await select(front, "SELECT state, attempts FROM hook_deliveries") == [("waiting", 0)]
        from server.routes.shapes import batch_facts
        from server.webhooks.herald import open_herald
        from server.webhooks.webhooks import open_webhooks

        herald = await open_herald(
            front.settings, front.scheduler._tiers, front.db, front.webhooks.hooks._ids, batch_facts
        )
        again = open_webhooks(
            settings=front.settings, db=front.db, clock=front.clock, ids=front.webhooks.hooks._ids, vault=front.vault,
            post=front.reception.post, herald=herald,
        )  # fmt: skip
        again.begin()
        await again.settled()
        assert len(receiver.messages) == 2
        assert len({message.id for message in receiver.messages}) == 1
        assert await select(front, "SELECT state, attempts FROM hook_deliveries") == [("delivered", 1)]
        await again.stop()


async def test_what_was_sent_is_forgotten_after_thirty_days(tmp_path: Path) -> None:
    async with delivering(tmp_path) as front, receiving() as receiver:
        made = await add(front, receiver)
        await ended(front)
        front.privacy.sweeps.begin()
        await front.privacy.sweeps.settled()
        assert len(await deliveries(front, made["id"])) == 1
        front.clock.set_wall(front.clock.now_ms() + 30 * DAY_MS + 1)
        front.privacy.sweeps.hurry()
        await front.privacy.sweeps.settled()
        assert await deliveries(front, made["id"]) == []
        assert (await hook(front, made["id"]))["state"] == "ok"
