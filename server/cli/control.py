"""`tendesks pause | resume | cancel | retry BATCH`: one request each, and a sentence about what it means."""

from collections.abc import Callable, Mapping
from typing import Any

from server.cli import words
from server.cli.call import Call, perform
from server.cli.exits import Exit
from server.cli.lookup import find_batch
from server.cli.options import Batch, Data, Json, Url
from server.cli.program import group

app = group("control")

Sentence = Callable[[Mapping[str, Any], Mapping[str, Any]], str]


@app.command()
def pause(batch: Batch, url: Url = None, data: Data = None, json: Json = False) -> None:
    """Start nothing more of a batch; what runs goes on to its end."""
    _control("pause", batch, url=url, data=data, json=json)


@app.command()
def resume(batch: Batch, url: Url = None, data: Data = None, json: Json = False) -> None:
    """Go on with a paused batch."""
    _control("resume", batch, url=url, data=data, json=json)


@app.command()
def cancel(batch: Batch, url: Url = None, data: Data = None, json: Json = False) -> None:
    """End a batch: what waits is cancelled, what runs is asked to end."""
    _control("cancel", batch, url=url, data=data, json=json)


@app.command()
def retry(batch: Batch, url: Url = None, data: Data = None, json: Json = False) -> None:
    """Run a batch's failed tasks again."""
    _control("retry", batch, url=url, data=data, json=json)


def sentence(action: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """What a request has changed, from the batch as it was and as it is."""
    running, waiting = after["running"], after["waiting"]
    match action:
        case "pause":
            return f"paused; {words.count(running)} running go on to their end" if running else "paused"
        case "resume":
            return f"goes on; {words.counted(waiting, 'task waits', 'tasks wait')}"
        case "cancel":
            return f"cancelled; {words.count(running)} running are asked to end" if running else "cancelled"
        case _:
            again = words.counted(before["failed"], "failed task runs", "failed tasks run")
            return f"{again} again"


def _control(action: str, batch: str, *, url: Any, data: Any, json: bool) -> None:
    async def body(call: Call) -> Exit:
        before = await find_batch(call.api, batch)
        after = await call.api.post(f"/batches/{before['id']}/{action}")
        call.screen.emit(after)
        call.screen.say((words.plain(before["name"]), "strong"), f": {sentence(action, before, after)}.")
        return Exit.OK

    perform(body, url=url, data=data, json=json)
