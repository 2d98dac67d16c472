"""The shapes of buying and paying as JSON Schema, by name; see `schemas`."""

from server.billing.terms import Standing
from server.routes.schemas import ANY_OBJECT, COUNT, MOMENT, TEXT, Schema, sent, shape, text, words

TIER_CHARS_MAX = 120
_URL: Schema = {"type": "string", "format": "uri", "description": "a page of Stripe's, to go to now"}

BILLING_SCHEMAS: dict[str, Schema] = {
    "Support": shape(
        {},
        contact={**TEXT, "description": "whom to ask: an address or a page"},
        hours={**COUNT, "description": "within how many hours there is a first answer"},
    ),
    "Billing": shape(
        {"state": words(Standing)},
        tier={**TEXT, "description": "the plan that is bought"},
        renews=MOMENT,
        ends={**MOMENT, "description": "when it ends, if that is settled"},
        grace={**MOMENT, "description": "until when the plan stays although it is not paid"},
    ),
    "NewCheckout": sent({"tier": text(TIER_CHARS_MAX)}),
    "Page": shape({"url": _URL}),
    "StripeEvent": ANY_OBJECT,
    "Reconciled": shape(
        {"state": words(["idle", "running", "failed"])},
        at=MOMENT,
        checked={**COUNT, "description": "accounts that were compared"},
        differed={**COUNT, "description": "accounts that differed, and are looked at"},
        foreign={**COUNT, "description": "subscriptions at Stripe that are nobody's here"},
    ),
}
