"""The shapes of the interface as JSON Schema (2020-12), by name."""

from typing import Any

from server.intake.submission import ATTEMPTS_MAX, NAME_CHARS_MAX, SLOTS_MAX, TIMEOUT_S_MAX
from server.model import BatchState, Blocked, ExecutionState, Reason, TaskState, View

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
COUNT: Schema = {"type": "integer", "minimum": 0}
MOMENT: Schema = {"type": "string", "format": "date-time"}
ID: Schema = {"type": "string", "pattern": "^[a-z0-9]{6,16}$"}
FLAG: Schema = {"type": "boolean"}
OFFICE_CHARS_MAX = 120
DAYS_MAX = 36_500
ANY_OBJECT: Schema = {"type": "object"}


def ref(name: str) -> Schema:
    """Point to one of SCHEMAS."""
    return {"$ref": f"#/components/schemas/{name}"}


def words(known: Any) -> Schema:
    """One of an enum's words."""
    return {"type": "string", "enum": [str(word) for word in known]}


def shape(required: Schema, **optional: Schema) -> Schema:
    """An object with members that are always there and others that are not."""
    return {"type": "object", "properties": {**required, **optional}, "required": list(required)}


def sent(required: Schema, **optional: Schema) -> Schema:
    """An object that comes in: a member that nobody knows is refused, one that is null counts as absent."""
    nullable = {name: {"anyOf": [schema, {"type": "null"}]} for name, schema in optional.items()}
    return {**shape(required, **nullable), "additionalProperties": False}


def patch(**optional: Schema) -> Schema:
    """An object that comes in with one or more of these members."""
    return {**sent({}, **optional), "minProperties": 1}


def text(chars_max: int) -> Schema:
    """A text with something in it."""
    return {"type": "string", "minLength": 1, "maxLength": chars_max}


def pages_of(name: str) -> Schema:
    """A page of a list."""
    return shape({"items": {"type": "array", "items": ref(name)}}, next=TEXT)


def all_of(name: str) -> Schema:
    """A list that is never cut into pages."""
    return shape({"items": {"type": "array", "items": ref(name)}})


LISTED_STATES = [state for state in BatchState if state is not BatchState.ARRIVING]
_NUMBER: Schema = {"type": "number", "minimum": 0}
_DAYS: Schema = {"type": "integer", "minimum": 1, "maximum": DAYS_MAX}
_QUOTA = {"used": COUNT, "limit": COUNT, "resets": MOMENT, "soft": FLAG, "enforced": FLAG}
SUBMITTED: Schema = {
    "attempts": {"type": "integer", "minimum": 1, "maximum": ATTEMPTS_MAX},
    "timeout": {
        "type": "number",
        "exclusiveMinimum": 0,
        "maximum": TIMEOUT_S_MAX,
        "description": "seconds, 1200 unless said",
    },
    "slots": {
        "type": "integer",
        "minimum": 1,
        "maximum": SLOTS_MAX,
        "description": "at most so many at a time",
    },
    "priority": {"type": "integer", "enum": [1, 2, 4]},
    "try": {
        "type": "integer",
        "minimum": 1,
        "description": "keep only the first so many tasks; the whole list is checked, the name says (first N)",
    },
}

SCHEMAS: dict[str, Schema] = {
    "Problem": shape(
        {"type": TEXT, "title": TEXT, "status": COUNT, "detail": TEXT, "code": TEXT, "request": TEXT},
        line=COUNT,
        column=COUNT,
        limit=TEXT,
        tier={**TEXT, "description": "the plan that has it"},
        retry={**COUNT, "description": "seconds"},
    ),
    "NewTask": sent({"input": ANY_OBJECT}, title=TEXT, key=TEXT),
    "NewBatch": sent(
        {"kind": TEXT, "tasks": {"type": "array", "items": ref("NewTask"), "minItems": 1}},
        name=text(NAME_CHARS_MAX),
        params=ANY_OBJECT,
        **SUBMITTED,
    ),
    "MadeBatch": shape(
        {"id": ID, "name": TEXT, "kind": TEXT, "state": words(LISTED_STATES), "total": COUNT}
        | {"estimate": shape({"p50": _NUMBER, "p90": _NUMBER})}
    ),
    "Batch": shape(
        {
            "id": ID,
            "name": TEXT,
            "kind": TEXT,
            "state": words(LISTED_STATES),
            **dict.fromkeys(("total", "done", "failed", "cancelled", "running", "waiting", "order"), COUNT),
            "priority": COUNT,
            "attempts": COUNT,
            "timeout": _NUMBER,
            "created": MOMENT,
        },
        blocked=words(Blocked),
        until=MOMENT,
        reason=TEXT,
        slots=COUNT,
        started=MOMENT,
        ended=MOMENT,
        cleared={
            **MOMENT,
            "description": "since when inputs, results and titles are gone, as the account wishes",
        },
        eta={"type": "array", "items": MOMENT, "minItems": 2, "maxItems": 2},
        formats={"type": "array", "items": TEXT},
    ),
    "BatchPatch": patch(
        name=text(NAME_CHARS_MAX),
        priority={"type": "integer", "enum": [1, 2, 4]},
        slots={
            "type": "integer",
            "minimum": 1,
            "maximum": SLOTS_MAX,
            "description": "null takes the cap away",
        },
    ),
    "Execution": shape(
        {"id": ID, "attempt": COUNT, "state": words(ExecutionState), "started": MOMENT},
        ended=MOMENT,
        reason=words(Reason),
        message=TEXT,
    ),
    "Task": shape(
        {
            "id": ID,
            "batch": ID,
            "title": TEXT,
            "state": words(TaskState),
            "attempts": COUNT,
            "input": ANY_OBJECT,
            "executions": {"type": "array", "items": ref("Execution")},
        },
        key=TEXT,
        result={},
        reason=words(Reason),
        message=TEXT,
        ready=MOMENT,
    ),
    "Result": shape(
        {"task": ID, "title": TEXT, "state": words(TaskState), "attempts": COUNT, "input": ANY_OBJECT},
        key=TEXT,
        result={},
        reason=words(Reason),
        message=TEXT,
    ),
    "Results": {"type": "array", "items": ref("Result")},
    "Log": shape(
        {
            "lines": {"type": "array", "items": shape({"at": MOMENT, "text": TEXT})},
            "next": COUNT,
            "ended": FLAG,
        }
    ),
    "Office": shape(
        {"epoch": COUNT, "view": words(View), "seq": COUNT, "tick": COUNT, "now": COUNT, "state": ANY_OBJECT}
    ),
    "Estimate": shape(
        {
            "tier": TEXT,
            "workers": COUNT,
            "minutes": COUNT,
            "each": _NUMBER,
            "basis": {"type": "string", "enum": ["assumed", "measured"]},
            "now": COUNT,
            "later": COUNT,
            "enforced": FLAG,
        },
        resumes=MOMENT,
    ),
    "Tier": shape(
        {
            "name": TEXT,
            "title": TEXT,
            **dict.fromkeys(("slots", "slots_with_key", "quota", "viewers", "weight"), COUNT),
            "quota_soft": FLAG,
            "features": {"type": "array", "items": TEXT},
            "buyable": {**FLAG, "description": "whether it can be bought here"},
            "support": ref("Support"),
        },
        price=COUNT,
        links=COUNT,
        recording_days=COUNT,
        chat_tokens_task=COUNT,
        chat_tokens_month=COUNT,
    ),
    "Account": shape(
        {"id": ID, "office": ID, "name": TEXT, "mode": TEXT, "tier": TEXT, "slots": COUNT, "running": COUNT}
        | {
            "quota": shape(_QUOTA),
            "support": ref("Support"),
            "retention": shape({}, recordings=_DAYS, results=_DAYS, recordings_max=_DAYS),
        },
        billing=ref("Billing"),
        deletes={**MOMENT, "description": "when it is deleted, unless that is taken back before"},
    ),
    "AccountPatch": patch(
        tier=TEXT,
        name=text(OFFICE_CHARS_MAX),
        retention={**patch(recordings=_DAYS, results=_DAYS), "description": "days; null: as long as may be"},
    ),
    "Usage": shape({"month": TEXT, **_QUOTA}),
    "Kind": shape({"name": TEXT, "attempts": COUNT, "allowed": FLAG}),
    "Live": shape({"status": TEXT, "now": COUNT}),
    "Ready": shape({"ready": FLAG, "checks": {"type": "object", "additionalProperties": FLAG}}),
    "Batches": pages_of("Batch"),
    "Tasks": pages_of("Task"),
    "Estimates": {"oneOf": [ref("Estimate"), all_of("Estimate")]},
    "Tiers": all_of("Tier"),
    "Kinds": all_of("Kind"),
    "Document": ANY_OBJECT,
}
