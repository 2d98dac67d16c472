"""The shapes of moving pictures as JSON Schema, by name."""

from server.model import View
from server.preview.export import ExportState
from server.preview.movie import Format, fps_max, speed_max, speed_min, zone_min_max
from server.routes.schemas import (
    COUNT,
    FLAG,
    ID,
    MOMENT,
    TEXT,
    Schema,
    sent,
    shape,
    words,
)

PICTURE_SCHEMAS: dict[str, Schema] = {
    "NewExport": sent(
        {"format": words(Format)},
        **{"from": MOMENT, "to": MOMENT},
        speed={"type": "number", "minimum": speed_min, "maximum": speed_max},
        size={"type": "string", "pattern": "^[0-9]{3,4}x[0-9]{2,4}$"},
        fps={"type": "integer", "minimum": 1, "maximum": max(fps_max.values())},
        night=FLAG,
        view=words(View),
        skip_idle=FLAG,
        zone={
            "type": "integer",
            "minimum": -zone_min_max,
            "maximum": zone_min_max,
            "description": "how many minutes the clock of whoever looks is ahead of UTC",
        },
    ),
    "Export": shape(
        {"id": ID, "recording": ID, "format": words(Format), "view": words(View), "state": words(ExportState)}
        | {"permille": COUNT},
        bytes=COUNT,
        size=TEXT,
        reason=TEXT,
    ),
}
