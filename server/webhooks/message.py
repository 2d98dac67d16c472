"""What is said to an address (p): `{"type", "timestamp", "data"}`, the payload that Standard Webhooks recommends.

Nothing in it was put in by whoever made the tasks: no title, no input, no result.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from server.model import BatchState

PING = "ping"
ENDS: Mapping[BatchState, str] = {
    BatchState.DONE: "batch.done",
    BatchState.CANCELLED: "batch.cancelled",
}
"""By the state that a batch ended in what that is called."""
KINDS = (*ENDS.values(), PING)
ID_PREFIX = "msg_"


def body_of(kind: str, at_ms: int, data: Mapping[str, Any]) -> str:
    """Write a message; `at_ms` is when it happened, in milliseconds since the Unix epoch."""
    moment = datetime.fromtimestamp(at_ms / 1000, UTC).isoformat(timespec="milliseconds")
    message = {"type": kind, "timestamp": moment.replace("+00:00", "Z"), "data": data}
    return orjson.dumps(message).decode()
