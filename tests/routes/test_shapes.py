from dataclasses import replace

import orjson
import pytest

from server.model import BatchState, ExecutionState, TaskState
from server.routes.shapes import execution_shape, task_shape
from server.store.pages import ExecutionRecord, TaskRecord

EXECUTION = ExecutionRecord(
    id="e1", attempt=1, state=ExecutionState.RUNNING, started_ms=0, ended_ms=None, reason=None, message=None
)
TASK = TaskRecord(
    id="t1", batch="b1", position=0, title="T", key=None, state=TaskState.WAITING, attempts=0, reason=None,
    message=None, ready_ms=None, input=b'{"a": 1.0}', result=None,
)  # fmt: skip


def test_what_is_none_is_absent() -> None:
    assert execution_shape(EXECUTION) == {
        "id": "e1", "attempt": 1, "state": "running", "started": "1970-01-01T00:00:00.000Z",
    }  # fmt: skip
    assert list(task_shape(TASK)) == ["id", "batch", "title", "state", "attempts", "input", "executions"]


@pytest.mark.parametrize(
    "stored", [b"null", b"0", b'""', b"[]", b'{"b": 1e400, "big": 12345678901234567890123}']
)
def test_a_result_comes_back_as_it_was_stored(stored: bytes) -> None:
    text = orjson.dumps(task_shape(replace(TASK, result=stored, executions=(EXECUTION,), ready_ms=5)))
    assert b'"result":' + stored in text
    assert b'"input":{"a": 1.0}' in text
    assert b'"ready":"1970-01-01T00:00:00.005Z"' in text
    assert BatchState.DONE == "done"
