"""The part of the route table that is about webhooks: an account's owners alone look at them, too."""

from server.model import Scope
from server.routes import webhooks
from server.routes.entry import API, NOTHING, Entry, Query, json
from server.routes.paging import LIMIT, LIMIT_MAX
from server.routes.schemas import TEXT

_OF_ONE = (
    "patch_webhooks_id", "delete_webhooks_id", "post_webhooks_id_rotate", "post_webhooks_id_ping",
    "get_webhooks_id_deliveries",
)  # fmt: skip

WEBHOOKS: tuple[Entry, ...] = (
    Entry(
        method="GET", path=f"{API}/webhooks", scope=Scope.ADMIN, endpoint=webhooks.listed, tag="webhooks",
        summary="The addresses that ended batches are told to, and how each of them stands.", answer=json("Webhooks"),
    ),
    Entry(
        method="POST", path=f"{API}/webhooks", scope=Scope.ADMIN, endpoint=webhooks.create, tag="webhooks",
        summary="Have ended batches told to an address. The secret that messages are signed with is shown this once; "
        "no Idempotency-Key is heeded, because the answer is kept nowhere.",
        body={"application/json": "NewWebhook"}, answer=json("MadeWebhook", 201, leads=dict.fromkeys(_OF_ONE, "/id")),
        keyed=False,
    ),
    Entry(
        method="PATCH", path=f"{API}/webhooks/{{id}}", scope=Scope.ADMIN, endpoint=webhooks.patch, tag="webhooks",
        summary="Change its address or label, or switch it on or off; what waits goes on once it is on.",
        body={"application/json": "WebhookPatch"}, answer=json("Webhook"),
    ),
    Entry(
        method="DELETE", path=f"{API}/webhooks/{{id}}", scope=Scope.ADMIN, endpoint=webhooks.delete, tag="webhooks",
        summary="Delete it, with what waits there.", answer=NOTHING, spared=True,
    ),
    Entry(
        method="POST", path=f"{API}/webhooks/{{id}}/rotate", scope=Scope.ADMIN, endpoint=webhooks.rotate, tag="webhooks",
        summary="Give it another secret, shown this once; for a day messages are signed with the former one as well.",
        answer=json("WebhookSecret"), keyed=False,
    ),
    Entry(
        method="POST", path=f"{API}/webhooks/{{id}}/ping", scope=Scope.ADMIN, endpoint=webhooks.ping, tag="webhooks",
        summary="Send a test message: once, and also where it is off.", answer=json("Delivery", 202), once=True,
    ),
    Entry(
        method="GET", path=f"{API}/webhooks/{{id}}/deliveries", scope=Scope.ADMIN, endpoint=webhooks.deliveries, tag="webhooks",
        summary="What was sent there within thirty days and what waits, newest first.", answer=json("Deliveries"),
        query=(
            Query(name="limit", schema={"type": "integer", "minimum": 1, "maximum": LIMIT_MAX, "default": LIMIT},
                  text="How many at most."),
            Query(name="cursor", schema=TEXT, text="The `next` of the page before."),
        ),
    ),
    Entry(
        method="POST", path=f"{API}/webhooks/{{id}}/deliveries/{{delivery}}/retry", scope=Scope.ADMIN,
        endpoint=webhooks.retry, tag="webhooks",
        summary="Send something again now, whatever became of it, under the same id.",
        answer=json("Delivery", 202), once=True,
    ),
)  # fmt: skip
