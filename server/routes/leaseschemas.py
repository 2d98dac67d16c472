"""The shapes of leases as JSON Schema, by name; see `schemas`."""

from server.model import ExecutionState, Reason
from server.routes.schemas import ANY_OBJECT, COUNT, FLAG, ID, MOMENT, TEXT, Schema, ref, sent, shape, words

LEASES_MAX = 100
WAIT_S_MAX = 60
RETRY_S_MAX = 3_600
REMAINING_S_MAX = 10_000_000
LOG_CHARACTERS_MAX = 65_536
LEASE_TOKEN: Schema = {"type": "string", "pattern": r"^[a-z0-9]{6,16}\.[0-9]{1,9}$"}
_LINES: Schema = {
    "type": "string",
    "maxLength": LOG_CHARACTERS_MAX,
    "description": "lines for the execution's log, after those that it has",
}
LEASE_SCHEMAS: dict[str, Schema] = {
    "LeaseOrder": sent(
        {"max": {"type": "integer", "minimum": 1, "maximum": LEASES_MAX}},
        kinds={"type": "array", "items": TEXT},
        batch=ID,
        wait={"type": "number", "minimum": 0, "maximum": WAIT_S_MAX, "description": "seconds"},
    ),
    "Lease": shape(
        {
            **dict.fromkeys(("execution", "task", "batch"), ID),
            "title": TEXT,
            "attempt": COUNT,
            "attempts": COUNT,
            "input": ANY_OBJECT,
            "token": LEASE_TOKEN,
            "expires": MOMENT,
        }
    ),
    "Leases": {"type": "array", "items": ref("Lease")},
    "LeaseProgress": sent(
        {"token": LEASE_TOKEN},
        progress={"type": "number", "minimum": 0, "maximum": 1},
        note=TEXT,
        remaining={"type": "number", "minimum": 0, "maximum": REMAINING_S_MAX, "description": "seconds"},
        log=_LINES,
    ),
    "LeaseRenewed": shape({"expires": MOMENT, "cancelled": FLAG}),
    "LeaseResult": sent({"token": LEASE_TOKEN}, result={}, log=_LINES),
    "LeaseFailure": sent(
        {"token": LEASE_TOKEN},
        reason=words(reason for reason in Reason if reason is not Reason.LOST),
        message=TEXT,
        retryable=FLAG,
        retry={"type": "number", "minimum": 0, "maximum": RETRY_S_MAX, "description": "seconds"},
        put_back={
            "type": "boolean",
            "description": "it was not the task's fault: at no attempt's cost, at the head of its batch",
        },
        log=_LINES,
    ),
    "LeaseEnded": shape(
        {
            "execution": ID,
            "state": words([ExecutionState.DONE, ExecutionState.FAILED, ExecutionState.CANCELLED]),
        }
    ),
}
