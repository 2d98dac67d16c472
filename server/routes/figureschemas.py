"""The shapes of figures as JSON Schema, by name."""

from server.routes.schemas import COUNT, MOMENT, TEXT, Schema, shape
from server.store.figures import WHYS_MAX
from server.store.whys import WHY

WHY_TEXT: Schema = {**TEXT, "pattern": f"^{WHY.pattern}$"}
_SECONDS: Schema = {"type": "number", "minimum": 0, "description": "seconds"}
_COUNTS: Schema = {"type": "array", "items": COUNT}

FIGURE_SCHEMAS: dict[str, Schema] = {
    "BatchFigures": shape(
        {
            "every": {"type": "integer", "minimum": 1, "description": "2: every second task was looked at"},
            "reasons": {
                "type": "array",
                "items": shape({"why": TEXT, "count": COUNT}),
                "maxItems": WHYS_MAX,
                "description": "of all that failed, the most frequent first",
            },
            "more": {**COUNT, "description": "further reasons"},
        },
        durations=shape(
            {
                "of": COUNT,
                **dict.fromkeys(("from", "to", "half", "most", "longest"), _SECONDS),
                "bars": {**_COUNTS, "description": "in equal steps between `from` and `to`"},
                "longer": {**COUNT, "description": "beyond `to`"},
            }
        ),
        ends=shape({"from": MOMENT, "step": _SECONDS, "done": _COUNTS, "failed": _COUNTS}),
    ),
}
