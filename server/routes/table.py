"""The route table: every path of the interface, who may use it, and what it takes and gives."""

from collections.abc import Mapping

from server.model import Scope, Shared, TaskState, View
from server.routes import (
    account,
    arrivals,
    batches,
    cards,
    estimate,
    executions,
    exports,
    figures,
    formats,
    health,
    keys,
    kinds,
    leases,
    links,
    office,
    privacy,
    recordings,
    results,
    submit,
    tasks,
    tiers,
)
from server.routes.billingtable import BILLING
from server.routes.call import Endpoint
from server.routes.entry import API, EVERY_GUEST, NOTHING, Answer, Entry, Query, json
from server.routes.figureschemas import WHY_TEXT
from server.routes.paging import LIMIT, LIMIT_MAX
from server.routes.peopletable import PEOPLE
from server.routes.schemas import LISTED_STATES, SUBMITTED, TEXT, words
from server.routes.webhooktable import WEBHOOKS

LIMITED = Query(
    name="limit",
    schema={"type": "integer", "minimum": 1, "maximum": LIMIT_MAX, "default": LIMIT},
    text="How many at most.",
)
CURSOR = Query(name="cursor", schema=TEXT, text="The `next` of the page before.")
SEARCH = Query(
    name="q", schema=TEXT, text="Only those whose title or name has this in it, whatever its case."
)
TASK_STATE = Query(name="state", schema=words(TaskState), text="Only those in this state.")
BATCH_STATE = Query(name="state", schema=words(LISTED_STATES), text="Only those in this state.")
WHY_FAILED = Query(
    name="why",
    schema=WHY_TEXT,
    text="Only those that failed for it: a reason, or `exit` with the program's code.",
)
TASK_PAGE = (TASK_STATE, SEARCH, WHY_FAILED, LIMITED, CURSOR)
LIST_QUERY = (
    Query(
        name="kind",
        schema=TEXT,
        text="What each task is. Lists only; JSON says it in the body.",
        required=False,
    ),
    Query(name="name", schema=TEXT, text="The batch's name."),
    Query(
        name="params",
        schema={"type": "string", "contentMediaType": "application/json"},
        text="The kind's params.",
    ),
    Query(name="title", schema=TEXT, text="The field that is each task's title; the first one unless said."),
    Query(name="key", schema=TEXT, text="The field that is your own name for each task."),
    *(
        Query(name=name, schema=SUBMITTED[name], text="As in the JSON body.")
        for name in ("attempts", "timeout", "slots", "priority", "try")
    ),
)
VIEW_ASKED = Query(
    name="view", schema=words(View), text="One that shows less than your own; your own unless said."
)
EXPORTS = Answer(
    content={
        "application/json": "Results",
        "application/x-ndjson": None,
        "text/csv": None,
        formats.FORMATS[formats.PARQUET]: None,
    },
)
LIVE, RESULTS, RECORDED = (frozenset({shared}) for shared in (Shared.OFFICE, Shared.BATCH, Shared.RECORDING))
LISTS = dict.fromkeys(submit.FORMATS, None)
OF_A_BATCH = (
    "get_batches_id", "patch_batches_id", "get_batches_id_results", "get_batches_id_tasks", "get_batches_id_figures",
    *(f"post_batches_id_{what}" for what in ("pause", "resume", "cancel", "retry")),
)  # fmt: skip
OF_A_RECORDING = ("get_recordings_id", "get_recordings_id_file", "get_recordings_id_segments_open")
OF_A_LINK = ("delete_links_id", "post_links_id_rotate")
OF_AN_EXPORT = ("get_exports_id", "get_exports_id_file", "delete_exports_id")
OF_A_TASK = ("get_tasks_id", "post_tasks_id_cancel", "post_tasks_id_retry")


def control(path: str, endpoint: Endpoint, tag: str, summary: str, schema: str, *query: Query) -> Entry:
    """A POST that changes one thing and answers with it as it is then."""
    return Entry(
        method="POST", path=API + path, scope=Scope.CONTROL, endpoint=endpoint, tag=tag, summary=summary,
        answer=json(schema), query=query, once=True,
    )  # fmt: skip


def read(
    path: str,
    endpoint: Endpoint,
    tag: str,
    summary: str,
    schema: str,
    *query: Query,
    leads: Mapping[str, str] | None = None,
    guests: frozenset[Shared] = frozenset(),
) -> Entry:
    """A GET that answers with JSON."""
    return Entry(
        method="GET", path=API + path, scope=Scope.READ, endpoint=endpoint, tag=tag, summary=summary,
        answer=json(schema, leads=leads), query=query, guests=guests,
    )  # fmt: skip


TABLE: tuple[Entry, ...] = (
    *PEOPLE,
    Entry(
        method="POST", path=f"{API}/batches", scope=Scope.SUBMIT, endpoint=submit.submit, tag="batches",
        summary="Submit a list of tasks, as JSON or as a stream of CSV, NDJSON or lines; all or nothing.",
        query=LIST_QUERY, body={"application/json": "NewBatch", **LISTS}, answer=json("MadeBatch", 201, leads=dict.fromkeys(OF_A_BATCH, "/id")),
    ),
    read("/batches", batches.listed, "batches", "All batches, newest first.", "Batches",
         BATCH_STATE, SEARCH, LIMITED, CURSOR),
    read("/batches/{id}", batches.shown, "batches", "One batch.", "Batch", guests=RESULTS),
    Entry(
        method="PATCH", path=f"{API}/batches/{{id}}", scope=Scope.CONTROL, endpoint=batches.patch, tag="batches",
        summary="Change name, priority or cap; `slots` null takes the cap away.",
        body={"application/json": "BatchPatch"}, answer=json("Batch"),
    ),
    control("/batches/{id}/pause", batches.pause, "batches", "Start nothing more of it.", "Batch"),
    control("/batches/{id}/resume", batches.resume, "batches", "Go on with it.", "Batch"),
    control("/batches/{id}/cancel", batches.cancel, "batches", "Cancel what waits, ask what runs to end.", "Batch"),
    control("/batches/{id}/retry", batches.retry, "batches", "Put its failed tasks back to waiting.", "Batch", WHY_FAILED),
    read("/batches/{id}/figures", figures.shown, "batches",
         "How long its tasks took, how many ended when, and why some failed; times are seconds.", "BatchFigures"),
    Entry(
        method="GET", path=f"{API}/batches/{{id}}/results", scope=Scope.READ, endpoint=results.export,
        tag="batches", summary="All its tasks with their results, as a file.", answer=EXPORTS, guests=RESULTS,
        query=(
            Query(name="format", schema={"type": "string", "enum": list(formats.FORMATS), "default": "json"},
                  text="The file's format."),
            TASK_STATE,
        ),
    ),
    read("/batches/{id}/tasks", tasks.listed_of_batch, "tasks", "Its tasks, in the order of the list.", "Tasks",
         *TASK_PAGE, leads=dict.fromkeys(OF_A_TASK, "/items/0/id")),
    read("/tasks", tasks.listed, "tasks", "Tasks, the newest batch's first, each in the order of its list.", "Tasks",
         Query(name="batch", schema=TEXT, text="Only those of this batch."), *TASK_PAGE),
    read("/tasks/{id}", tasks.shown, "tasks", "One task with its executions.", "Task",
         leads={"get_executions_id_log": "/executions/0/id"}),
    control("/tasks/{id}/cancel", tasks.cancel, "tasks", "Cancel it; a running body is asked to end.", "Task"),
    control("/tasks/{id}/retry", tasks.retry, "tasks", "Put a failed or cancelled task back to waiting.", "Task"),
    read("/executions/{id}/log", executions.log, "executions", "Whole lines of its log from a position on.", "Log",
         Query(name="after", schema={"type": "integer", "minimum": 0, "default": 0}, text="The `next` of before.")),
    Entry(
        method="POST", path=f"{API}/leases", scope=Scope.CONTROL, endpoint=leases.lease, tag="leases",
        summary="Lease work of kind `external`; waits up to `wait` seconds for some.",
        body={"application/json": "LeaseOrder"}, answer=json("Leases"),
    ),
    Entry(
        method="POST", path=f"{API}/executions/{{id}}/progress", scope=Scope.CONTROL, endpoint=leases.progress,
        tag="leases", summary="Say how far a leased execution is, and let its lease go on.",
        body={"application/json": "LeaseProgress"}, answer=json("LeaseRenewed"), spared=True,
    ),
    Entry(
        method="POST", path=f"{API}/executions/{{id}}/complete", scope=Scope.CONTROL, endpoint=leases.complete,
        tag="leases", summary="Record the result of a leased execution; answered once it is committed.",
        body={"application/json": "LeaseResult"}, answer=json("LeaseEnded"), spared=True,
    ),
    Entry(
        method="POST", path=f"{API}/executions/{{id}}/fail", scope=Scope.CONTROL, endpoint=leases.fail,
        tag="leases", summary="Record the failure of a leased execution; answered once it is committed.",
        body={"application/json": "LeaseFailure"}, answer=json("LeaseEnded"), spared=True,
    ),
    read("/office", office.shown, "office", "The office as it is now; its ETag is the SHA-256 of the state's RFC 8785 text.",
         "Office", guests=LIVE),
    read("/recordings", recordings.listed, "recordings", "All recordings of sessions, newest first.", "Recordings",
         LIMITED, CURSOR),
    read("/recordings/{id}", recordings.shown, "recordings", "One recording with its closed segments and its markers.",
         "Recording", VIEW_ASKED, leads=dict.fromkeys(OF_A_RECORDING, "/id"),
         guests=RECORDED),
    Entry(
        method="POST", path=f"{API}/recordings", scope=Scope.CONTROL, endpoint=arrivals.create, tag="recordings",
        summary="Take a recording in from a file; all or nothing.",
        body={recordings.FILE: None}, answer=json("ArrivedRecording", 201, leads=dict.fromkeys(OF_A_RECORDING, "/id")),
    ),
    Entry(
        method="DELETE", path=f"{API}/recordings/{{id}}", scope=Scope.CONTROL, endpoint=recordings.delete,
        tag="recordings", summary="Delete a recording that is over.", answer=NOTHING,
    ),
    Entry(
        method="GET", path=f"{API}/recordings/{{id}}/segments/open", scope=Scope.READ, endpoint=recordings.open_segment,
        tag="recordings", summary="The segment that is not closed yet: a keyframe and diffs, as the live socket sends them.",
        answer=Answer(content={recordings.NDJSON: None}), query=(VIEW_ASKED,), guests=RECORDED,
    ),
    Entry(
        method="GET", path=f"{API}/recordings/{{id}}/segments/{{n}}", scope=Scope.READ, endpoint=recordings.segment,
        tag="recordings", summary="A closed segment: a keyframe and diffs, as the live socket sends them. "
        "It never changes, and may be kept for good where the query names the view.",
        answer=Answer(content={recordings.NDJSON: None}), query=(VIEW_ASKED,), guests=RECORDED,
    ),
    Entry(
        method="GET", path=f"{API}/recordings/{{id}}/file", scope=Scope.READ, endpoint=recordings.file,
        tag="recordings", summary="The closed segments of a recording as one file.",
        answer=Answer(content={recordings.FILE: None}), query=(VIEW_ASKED,), guests=RECORDED,
    ),
    Entry(
        method="POST", path=f"{API}/links", scope=Scope.CONTROL, endpoint=links.create, tag="links",
        summary="Share the live office, a recording or a batch's results by a URL, which is shown this once. "
        "No Idempotency-Key is heeded, because the answer is kept nowhere.",
        body={"application/json": "NewLink"}, answer=json("MadeLink", 201, leads=dict.fromkeys(OF_A_LINK, "/id")), keyed=False,
    ),
    read("/links", links.listed, "links", "The links of the office, newest first, with who watches now; "
         "those that have ended are listed for a day.", "Links", LIMITED, CURSOR),
    Entry(
        method="DELETE", path=f"{API}/links/{{id}}", scope=Scope.CONTROL, endpoint=links.revoke, tag="links",
        summary="End a link; whoever watches by it is cut off.", answer=NOTHING,
    ),
    Entry(
        method="POST", path=f"{API}/links/{{id}}/rotate", scope=Scope.CONTROL, endpoint=links.rotate, tag="links",
        summary="Give a link another URL; the former one ends, at once or after `grace`.",
        body={"application/json": "Rotation"}, answer=json("RotatedLink"), keyed=False,
    ),
    Entry(
        method="POST", path=f"{API}/links/exchange", scope=None, endpoint=links.exchange, tag="links",
        summary="Exchange a link's secret for a grant of ten minutes, which is then sent as a token. "
        "For a guest only those paths exist that show what the link shares.",
        body={"application/json": "LinkSecret"}, answer=json("Grant"), guests=EVERY_GUEST,
    ),
    Entry(
        method="GET", path=f"{API}/links/here", scope=Scope.READ, endpoint=links.here, tag="links",
        summary="For a guest of a recording or a batch: waits for the end of the link, which is told within a second; "
        "as long as this waits, somebody watches.", answer=NOTHING, guests=RECORDED | RESULTS,
        query=(Query(name="wait", schema={"type": "number", "minimum": 0, "maximum": links.HERE_S_MAX, "default": links.HERE_S},
                     text="Seconds after which it answers that there was none."),),
    ),
    Entry(
        method="POST", path=f"{API}/recordings/{{id}}/exports", scope=Scope.CONTROL, endpoint=exports.create, tag="recordings",
        summary="Order a moving picture of a stretch of a recording: a GIF of up to 3 MB, or an MP4.",
        body={"application/json": "NewExport"}, answer=json("Export", 202, leads=dict.fromkeys(OF_AN_EXPORT, "/id")),
    ),
    read("/exports/{id}", exports.shown, "recordings", "How far a moving picture is.", "Export"),
    Entry(
        method="GET", path=f"{API}/exports/{{id}}/file", scope=Scope.READ, endpoint=exports.file, tag="recordings",
        summary="A moving picture that is done. It is kept for a day.",
        answer=Answer(content=dict.fromkeys(exports.MEDIA.values(), None)),
    ),
    Entry(
        method="DELETE", path=f"{API}/exports/{{id}}", scope=Scope.CONTROL, endpoint=exports.delete, tag="recordings",
        summary="Delete a moving picture; if it is being made, that ends.", answer=NOTHING,
    ),
    read("/estimate", estimate.shown, "account", "What a number of tasks would take, in one tier or in each.", "Estimates",
         Query(name="tasks", schema={"type": "integer", "minimum": 1}, text="How many.", required=True),
         Query(name="tier", schema=TEXT, text="Only in this tier.")),
    read("/account", account.shown, "account", "Plan, slots and quota.", "Account"),
    Entry(
        method="PATCH", path=f"{API}/account", scope=Scope.ADMIN, endpoint=account.patch, tag="account",
        summary="Rename the office; in local mode also choose the tier.",
        body={"application/json": "AccountPatch"}, answer=json("Account"),
    ),
    Entry(
        method="GET", path=f"{API}/account/export", scope=Scope.ADMIN, endpoint=privacy.export, tag="account",
        summary="All that is kept of the account, as a ZIP file; no secret is in it.",
        answer=Answer(content={privacy.ZIP: None}),
    ),
    Entry(
        method="DELETE", path=f"{API}/account", scope=Scope.ADMIN, endpoint=privacy.delete, tag="account",
        summary="Have the account deleted. Nothing of it starts from now on; it can be taken back for a while.",
        body={"application/json": "AccountDeleted"}, answer=json("Deletes", 202), spared=True,
    ),
    Entry(
        method="POST", path=f"{API}/account/keep", scope=Scope.ADMIN, endpoint=privacy.keep, tag="account",
        summary="Take its deletion back.", answer=NOTHING, spared=True, once=True,
    ),
    read("/usage", account.usage, "account", "The month's tasks against the quota.", "Usage"),
    Entry(
        method="GET", path=f"{API}/tiers", scope=None, endpoint=tiers.listed, tag="account",
        summary="What each tier gives, for everybody.", answer=json("Tiers"),
    ),
    *BILLING,
    *WEBHOOKS,
    Entry(
        method="GET", path=f"{API}/keys", scope=Scope.ADMIN, endpoint=keys.listed, tag="keys",
        summary="Own keys: state and last four characters; no more of a key ever comes back.", answer=json("Keys"),
    ),
    Entry(
        method="PUT", path=f"{API}/keys/{{provider}}", scope=Scope.ADMIN, endpoint=keys.put, tag="keys",
        summary="Put in a provider's key, which is asked once whether it accepts it; the one before is replaced.",
        body={"application/json": "NewKey"}, answer=json("Key"),
    ),
    Entry(
        method="DELETE", path=f"{API}/keys/{{provider}}", scope=Scope.ADMIN, endpoint=keys.delete, tag="keys",
        summary="Delete a key; no request goes out with it from now on.", answer=NOTHING, spared=True,
    ),
    Entry(
        method="GET", path=f"{API}/keys/rotation", scope=Scope.HOUSE, endpoint=keys.rotation, tag="keys",
        summary="How many own keys are not under the current master key yet; for whoever runs the server.",
        answer=json("KeyRotation"),
    ),
    Entry(
        method="POST", path=f"{API}/keys/rotation", scope=Scope.HOUSE, endpoint=keys.rotate, tag="keys",
        summary="Put all own keys under the current master key, of a local server under a new one; for whoever runs it.",
        answer=json("KeyRotation", 202), once=True,
    ),
    read("/kinds", kinds.listed, "batches", "What a task can be on this server.", "Kinds"),
    Entry(
        method="GET", path="/s/{id}/card.png", scope=None, endpoint=cards.shown, tag="links",
        summary="The picture of a link, 1200 by 630, for whoever shows the link's address. It tells nothing of the office "
        "unless the link's owner turned the live one on; one and the same picture for all that is not, or no longer.",
        answer=Answer(content={"image/png": None}), guests=EVERY_GUEST,
    ),
    Entry(method="GET", path="/healthz", scope=None, endpoint=health.live, tag="health",
          summary="The process answers.", answer=json("Live"), guests=EVERY_GUEST),
    Entry(method="GET", path="/readyz", scope=None, endpoint=health.ready, tag="health",
          summary="The server may be sent work; else 503.", answer=json("Ready")),
)  # fmt: skip
