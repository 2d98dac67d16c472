"""What is said (pure)."""

import orjson

from server.model import BATCH_ENDED
from server.webhooks.message import ENDS, body_of
from tests.fakes.clock import START_MS


def test_it_has_a_type_a_timestamp_and_data() -> None:
    assert orjson.loads(body_of("batch.done", START_MS + 7, {"id": "b1", "total": 3})) == {
        "type": "batch.done",
        "timestamp": "2026-11-18T11:06:40.007Z",
        "data": {"id": "b1", "total": 3},
    }


def test_every_way_to_end_has_a_name() -> None:
    assert set(ENDS) == BATCH_ENDED
