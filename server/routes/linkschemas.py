"""The shapes of links as JSON Schema, by name."""

from server.model import Shared, View
from server.routes.schemas import COUNT, FLAG, ID, MOMENT, TEXT, Schema, pages_of, sent, shape, text, words
from server.spectators.reach import Reach
from server.spectators.standing import LinkState
from server.store.links import ID_CHARS

LABEL_CHARS_MAX = 80
ORIGINS_MAX = 20
ORIGIN_CHARS_MAX = 200
EXPIRES_DAYS = 7
EXPIRES_DAYS_MAX = 90
GRACE_S_MAX = 7 * 86_400

LINK_ID: Schema = {"type": "string", "pattern": f"^[a-z0-9]{{{ID_CHARS}}}$"}
LINK_VIEWS = [view for view in View if view is not View.FULL]
_ORIGINS: Schema = {
    "type": "array",
    "items": {"type": "string", "maxLength": ORIGIN_CHARS_MAX},
    "maxItems": ORIGINS_MAX,
    "description": "where it may be embedded: `https://host` or `https://host:port`",
}
_SHOWS = {"recording": ID, "batch": ID, "from": MOMENT, "to": MOMENT}
_URL: Schema = {**TEXT, "description": "with the secret in its fragment; shown this once"}

LINK_SCHEMAS: dict[str, Schema] = {
    "NewLink": sent(
        {},
        label=text(LABEL_CHARS_MAX),
        view={
            **words(LINK_VIEWS),
            "description": "`batches` unless said; results of a batch need `titles`, which is theirs unless said",
        },
        expires={
            **MOMENT,
            "description": f"{EXPIRES_DAYS} days from now unless said, at most {EXPIRES_DAYS_MAX}",
        },
        recording={**ID, "description": "shares this recording, and not the live office"},
        batch={**ID, "description": "shares the results of this batch, and not the live office"},
        **{
            "from": {**MOMENT, "description": "of a recording: nothing from before this moment is shown"},
            "to": {**MOMENT, "description": "of a recording: nothing from after this moment is shown"},
        },
        origins=_ORIGINS,
        card={**FLAG, "description": "whether the link's picture shows the office as it is"},
        lan={**FLAG, "description": "local mode: whether it works in the local network"},
    ),
    "MadeLink": shape(
        {
            "id": LINK_ID,
            "url": _URL,
            "view": words(LINK_VIEWS),
            "expires": MOMENT,
            "origins": _ORIGINS,
            "card": FLAG,
            "lan": FLAG,
            "reach": words(Reach),
        },
        label=TEXT,
        **_SHOWS,
    ),
    "Link": shape(
        {
            "id": LINK_ID,
            "view": words(LINK_VIEWS),
            "created": MOMENT,
            "expires": MOMENT,
            "state": words(LinkState),
            "origins": _ORIGINS,
            "card": FLAG,
            "lan": FLAG,
            "viewers": {
                **COUNT,
                "description": "sockets that watch now; recordings and results are read without one",
            },
        },
        label=TEXT,
        revoked=MOMENT,
        viewers_max=COUNT,
        **_SHOWS,
    ),
    "Links": pages_of("Link"),
    "Rotation": sent(
        {},
        grace={
            "type": "number",
            "minimum": 0,
            "maximum": GRACE_S_MAX,
            "description": "seconds for which the former URL stays good",
        },
    ),
    "RotatedLink": shape(
        {"id": LINK_ID, "url": _URL, "view": words(LINK_VIEWS), "expires": MOMENT, "reach": words(Reach)},
        old_until=MOMENT,
    ),
    "LinkSecret": sent({"id": TEXT, "secret": TEXT}),
    "Grant": shape(
        {"grant": TEXT, "expires": MOMENT, "view": words(LINK_VIEWS), "name": TEXT},
        **{str(shared): ID for shared in Shared},
        **{"from": MOMENT, "to": MOMENT},
    ),
}
