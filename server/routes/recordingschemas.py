"""The shapes of recordings as JSON Schema, by name; see `schemas`."""

from server.model import View
from server.routes.schemas import COUNT, FLAG, ID, MOMENT, TEXT, Schema, pages_of, ref, shape, words

RECORDING = {"id": ID, "started": MOMENT, "seconds": {"type": "number", "minimum": 0}} | dict.fromkeys(
    ("hz", "frames", "bytes"), COUNT
)
IMPORTED: Schema = {
    "name": {**TEXT, "description": "the office that a recording from a file shows"},
    "imported": {**MOMENT, "description": "when it came in as a file"},
}
MARKERS = ("failed", "batch", "blocked", "unblocked", "tier", "slots", "gap", "tally")

RECORDING_SCHEMAS: dict[str, Schema] = {
    "Recording": shape(
        RECORDING,
        ended=MOMENT,
        **IMPORTED,
        view=words(View),
        open={**FLAG, "description": "whether a segment is open: it is still being made"},
        markers={"type": "array", "items": ref("Marker")},
        idle={"type": "array", "items": {"type": "array", "items": COUNT, "minItems": 2, "maxItems": 2}},
        segments={"type": "array", "items": ref("Segment")},
        **{"from": {**MOMENT, "description": "what a guest's link is locked to"}, "to": MOMENT},
    ),
    "Marker": shape(
        {
            "kind": words(MARKERS),
            "at": {**COUNT, "description": "milliseconds since the epoch, as in frames"},
        },
        **dict.fromkeys(("to", "desk", "until", "count", "total", "done", "failed", "slots"), COUNT),
        **dict.fromkeys(("starts", "ends", "running"), COUNT),
        **dict.fromkeys(("batch", "execution", "task"), ID),
        **dict.fromkeys(("name", "title", "tier", "state", "reason"), TEXT),
        attempt={"type": "array", "items": COUNT},
        before={"description": "the tier or the slots before"},
    ),
    "Segment": shape(
        {
            "n": COUNT,
            "start": MOMENT,
            "end": MOMENT,
            **dict.fromkeys(("first", "last", "frames", "bytes"), COUNT),
        }
    ),
    "ArrivedRecording": shape({**RECORDING, "whole": FLAG}, ended=MOMENT, **IMPORTED),
    "Recordings": pages_of("Recording"),
}
