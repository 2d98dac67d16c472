"""The part of the route table that is about buying and paying."""

from server.model import Scope
from server.routes import billing
from server.routes.entry import API, Answer, Entry, json

BILLING: tuple[Entry, ...] = (
    Entry(
        method="POST", path=f"{API}/billing/checkout", scope=Scope.ADMIN, endpoint=billing.checkout, tag="billing",
        summary="Open the page where the account comes to another plan: a checkout, or the change of what it pays for.",
        body={"application/json": "NewCheckout"}, answer=json("Page", 201),
    ),
    Entry(
        method="POST", path=f"{API}/billing/portal", scope=Scope.ADMIN, endpoint=billing.portal, tag="billing",
        summary="Open the pages where invoices, cards and the subscription are looked after.",
        answer=json("Page", 201), once=True, spared=True,
    ),
    Entry(
        method="GET", path=f"{API}/billing/reconcile", scope=Scope.HOUSE, endpoint=billing.reconciled, tag="billing",
        summary="What came of comparing all with what Stripe has; for the operator.", answer=json("Reconciled"),
    ),
    Entry(
        method="POST", path=f"{API}/billing/reconcile", scope=Scope.HOUSE, endpoint=billing.reconcile, tag="billing",
        summary="Compare all with what Stripe has now, as is done each night; for the operator.",
        answer=json("Reconciled", 202), once=True,
    ),
    Entry(
        method="POST", path=f"{API}/webhooks/stripe", scope=None, endpoint=billing.webhook, tag="billing",
        summary="What Stripe tells, signed by it. Answered as soon as it is written down.",
        body={"application/json": "StripeEvent"}, answer=Answer(status=200, content={}),
    ),
)  # fmt: skip
