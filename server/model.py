"""The words of the product as values: states with their transitions, tiers, and the records that parts hand each other."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class TaskState(StrEnum):
    """A task waits (backoff included), runs, or has ended."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class ExecutionState(StrEnum):
    """An execution runs until it ends in one of four ways; `lost` is the platform's fault, not the task's."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    LOST = "lost"


class BatchState(StrEnum):
    """`arriving` is being inserted and listed nowhere; `waiting` is blocked, with a reason."""

    ARRIVING = "arriving"
    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    WAITING = "waiting"
    DONE = "done"
    CANCELLED = "cancelled"


class Blocked(StrEnum):
    """Why a queue or batch starts nothing although work waits."""

    QUOTA = "quota"
    RATELIMIT = "ratelimit"
    CAPACITY = "capacity"
    PAUSED = "paused"
    DRAINING = "draining"
    DISK = "disk"
    SUSPENDED = "suspended"


class Reason(StrEnum):
    """Why an execution or task failed, in one word that the office can show."""

    EXIT = "exit"
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    LIMIT = "limit"
    INVALID = "invalid"
    LOST = "lost"


class Role(StrEnum):
    """What somebody is in an office."""

    OWNER = "owner"
    OPERATOR = "operator"
    VIEWER = "viewer"
    GUEST = "guest"


class View(StrEnum):
    """How much of an office somebody sees; each shows less than the one before."""

    FULL = "full"
    TITLES = "titles"
    BATCHES = "batches"
    FIGURES = "figures"

    def narrower(self, other: "View") -> "View":
        """The one of the two that shows less."""
        return max(self, other, key=[*View].index)


class Shared(StrEnum):
    """What a link shares; each link one thing."""

    OFFICE = "office"
    RECORDING = "recording"
    BATCH = "batch"


class Scope(StrEnum):
    """What an API token may be used for. HOUSE: to look after everybody's accounts, which is the operator's of a server."""

    READ = "read"
    SUBMIT = "submit"
    CONTROL = "control"
    ADMIN = "admin"
    HOUSE = "house"


TASK_TRANSITIONS: Mapping[TaskState, frozenset[TaskState]] = {
    TaskState.WAITING: frozenset({TaskState.RUNNING, TaskState.CANCELLED}),
    TaskState.RUNNING: frozenset({TaskState.WAITING, TaskState.DONE, TaskState.FAILED, TaskState.CANCELLED}),
    TaskState.DONE: frozenset(),
    TaskState.FAILED: frozenset({TaskState.WAITING}),
    TaskState.CANCELLED: frozenset({TaskState.WAITING}),
}
BATCH_OPEN = frozenset({BatchState.QUEUED, BatchState.RUNNING, BatchState.PAUSED, BatchState.WAITING})
BATCH_ENDED = frozenset({BatchState.DONE, BatchState.CANCELLED})
PRIORITIES = (1, 2, 4)
PULLED_KINDS = frozenset({"external"})
"""Kinds whose tasks nobody is given: the user's own runners ask for them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stretch:
    """From one moment to another, both included, in milliseconds since the epoch; None: open on that side."""

    from_ms: int | None = None
    to_ms: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """The link that a guest came by: the id of the one thing that it shares, and how long it lasts for this guest.

    `stretch` is what a recording's link is locked to. `edition` counts the link's secrets: it grows with each rotation.
    `viewers_max`: so many sockets at once, None: as many as want to.
    """

    id: str
    shared: Shared
    resource: str
    stretch: Stretch | None
    expires_ms: int
    edition: int
    viewers_max: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Credential:
    """By what somebody is known: the token or session with this id, until when, and the person whose it is, if any."""

    id: str
    session: bool
    expires_ms: int | None = None
    person: str | None = None
    email: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Identity:
    """Who a request or socket acts for, and what it may do and see. `link`: a guest's, who may use nothing else.

    `suspended`: nothing of the account starts, and nobody changes anything.
    """

    account: str
    office: str
    role: Role
    view: View
    scopes: frozenset[Scope]
    link: Link | None = None
    suspended: bool = False
    credential: Credential | None = field(default=None, compare=False)

    @property
    def actor(self) -> str:
        """How the audit log calls whoever it is: a person's address, else what the token is."""
        if self.credential is not None and self.credential.email is not None:
            return self.credential.email
        return "operator" if Scope.HOUSE in self.scopes else "owner"


@dataclass(frozen=True, kw_only=True, slots=True)
class Opened:
    """What a server says once it is open: its URL with the owner's token in the fragment, and the plan it has."""

    url: str
    tier: str
    slots: int


@dataclass(frozen=True, kw_only=True, slots=True)
class NewTask:
    """A task as submitted. `input` is its JSON text; `key` is the submitter's own name for the row."""

    title: str
    input: bytes
    key: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class NewBatch:
    """A batch as submitted, its params already checked by the kind. `id`: one that was made for it before."""

    name: str
    kind: str
    params: Mapping[str, Any]
    attempts: int
    timeout_ms: int
    slots: int | None = None
    priority: int = 1
    id: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Work:
    """One admitted execution, complete: all a kind needs to carry it out."""

    execution: str
    fence: int
    task: str
    batch: str
    office: str
    account: str
    kind: str
    params: Mapping[str, Any]
    title: str
    input: bytes
    attempt: int
    attempts: int
    timeout_ms: int

    @property
    def token(self) -> str:
        """The fencing token, as bodies carry it in TENDESKS_EXECUTION."""
        return f"{self.execution}.{self.fence}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """How a body ended.

    `state` is DONE, FAILED, CANCELLED or LOST; `result` is JSON text (done only); `message` is the sentence a
    person reads; `retryable` False ends the task at once whatever attempts are left; `retry_after_ms` is the
    least wait before the next attempt. `put_back`: it was called off for want of a provider's permission, and its task
    goes back to the head of its batch at no cost (CANCELLED only). `halts`: no task of this batch can do better, so
    this one goes back too, and the batch pauses with `message` (FAILED only).
    """

    state: ExecutionState
    result: bytes | None = None
    reason: Reason | None = None
    message: str | None = None
    retryable: bool = True
    retry_after_ms: int | None = None
    put_back: bool = False
    halts: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Allowance:
    """What a provider said of one of a key's limits: so many a minute, so many left, all of them again in `reset_ms`."""

    limit: int | None = None
    remaining: int | None = None
    reset_ms: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class RateFacts:
    """What an answer of a provider said of a key's limits. `retry_ms`: it refused, and wants to hear nothing before then."""

    requests: Allowance = Allowance()
    tokens: Allowance = Allowance()
    retry_ms: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Tier:
    """What a plan gives. `slots_with_key` holds while a valid own key is there; `None` limits mean no limit.

    `chat_tokens_task` and `chat_tokens_month` are how many tokens one answer with its prompt, and all of a month, may
    take of the platform's key; an own key has no such limits. `support_contact` is whom to ask, `support_hours` within how many hours there is a first answer.
    """

    name: str
    title: str
    price: int | None
    slots: int
    slots_with_key: int
    quota: int
    quota_soft: bool
    links: int | None
    viewers: int
    recording_days: int | None
    weight: int
    features: tuple[str, ...] = field(default=())
    chat_tokens_task: int | None = None
    chat_tokens_month: int | None = None
    support_contact: str | None = None
    support_hours: int | None = None
