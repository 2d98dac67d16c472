"""The shapes of own keys as JSON Schema, by name; see `schemas`."""

from server.routes.schemas import COUNT, MOMENT, TEXT, Schema, all_of, sent, shape, text, words
from server.store.keys import KeyState
from server.vault.providers import KNOWN, base_characters_max, secret_characters_max

KEY_SCHEMAS: dict[str, Schema] = {
    "NewKey": sent(
        {"key": {**text(secret_characters_max), "writeOnly": True}},
        base={
            "type": "string",
            "format": "uri",
            "maxLength": base_characters_max,
            "description": f"where it is sent; known of {', '.join(KNOWN)}",
        },
    ),
    "Key": shape(
        {"provider": TEXT, "base": TEXT, "state": words(KeyState), "added": MOMENT},
        last={"type": "string", "description": "its last four characters; of a short key none"},
        checked={
            **MOMENT,
            "description": "when its provider first accepted it; until then it raises no slots",
        },
        used=MOMENT,
    ),
    "KeyRotation": shape(
        {"master": TEXT, "left": COUNT, "done": COUNT, "state": words(["idle", "running", "failed"])}
        | {"needed": {"type": "array", "items": TEXT, "description": "master keys that are still needed"}}
    ),
    "Keys": all_of("Key"),
}
