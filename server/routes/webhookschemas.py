"""The shapes of webhooks as JSON Schema, by name; see `schemas`."""

from server.routes.schemas import (
    COUNT,
    FLAG,
    ID,
    MOMENT,
    TEXT,
    Schema,
    pages_of,
    patch,
    ref,
    sent,
    shape,
    text,
    words,
)
from server.store.deliveries import DeliveryState
from server.store.hooks import OffReason
from server.webhooks.address import url_characters_max
from server.webhooks.message import KINDS

label_characters_max = 120
STATES = ("ok", "failing", "off")
DELIVERY_ID: Schema = {"type": "string", "pattern": "^[a-z0-9]{12,32}$"}
_URL: Schema = {
    "type": "string",
    "format": "uri",
    "maxLength": url_characters_max,
    "description": "where messages are sent; on a hosted server https, and on the public internet",
}
_SECRET: Schema = {**TEXT, "description": "what messages are signed with; shown this once"}
_HOOK: Schema = {
    "id": ID,
    "url": TEXT,
    "enabled": FLAG,
    "state": words(STATES),
    "waiting": COUNT,
    "created": MOMENT,
}
_HOOK_MAY_HAVE: Schema = {
    "label": TEXT,
    "failing": {**MOMENT, "description": "since when nothing arrived there any more"},
    "off": {
        **words(OffReason),
        "description": "why nothing is sent: its owner wished so, it answered 410, nothing arrived for five days, or its "
        "secret does not open on this server any more",
    },
    "since": {**MOMENT, "description": "since when it is off"},
    "delivered": {**MOMENT, "description": "when something arrived there last"},
}

WEBHOOK_SCHEMAS: dict[str, Schema] = {
    "NewWebhook": sent({"url": _URL}, label=text(label_characters_max)),
    "WebhookPatch": patch(url=_URL, label=text(label_characters_max), enabled=FLAG),
    "Webhook": shape(_HOOK, **_HOOK_MAY_HAVE),
    "MadeWebhook": shape({**_HOOK, "secret": _SECRET}, **_HOOK_MAY_HAVE),
    "WebhookSecret": shape(
        {
            "id": ID,
            "secret": _SECRET,
            "former_until": {
                **MOMENT,
                "description": "until when messages are signed with the former one as well",
            },
        }
    ),
    "Webhooks": shape(
        {
            "items": {"type": "array", "items": ref("Webhook")},
            "sending": {**FLAG, "description": "false: the plan has no webhooks, and nothing is sent"},
        }
    ),
    "Delivery": shape(
        {"id": DELIVERY_ID, "event": words(KINDS), "state": words(DeliveryState), "attempts": COUNT, "created": MOMENT},
        batch=ID,
        status={**COUNT, "description": "what the last attempt was answered with"},
        reason={**TEXT, "description": "why the last attempt failed"},
        next={**MOMENT, "description": "the next attempt; it may be past for a moment, or while nothing is sent"},
        ended={**MOMENT, "description": "when it arrived, or was given up"},
    ),
    "Deliveries": pages_of("Delivery"),
}  # fmt: skip
