"""`tendesks billing reconcile`: compares all accounts of a hosted server with what Stripe has, for its operator."""

from collections.abc import Mapping
from typing import Any

from server.cli import words
from server.cli.call import Call, perform
from server.cli.exits import Exit
from server.cli.options import Data, Json, Url
from server.cli.program import group

app = group("billing")

LOOK_MS = 200


@app.callback()
def billing() -> None:
    """What is sold by Stripe, on the machine that the server runs on."""


@app.command()
def reconcile(url: Url = None, data: Data = None, json: Json = False) -> None:
    """Compare all accounts with what Stripe has, and mend what differs; done each night by itself. Ctrl-C leaves it going on."""

    async def body(call: Call) -> Exit:
        found = await call.api.post("/billing/reconcile")
        while found["state"] == "running":
            await call.clock.sleep(LOOK_MS)
            found = await call.api.get("/billing/reconcile")
        call.screen.emit(found)
        call.screen.say(outcome(found))
        return Exit.REFUSED if found["state"] == "failed" else Exit.OK

    perform(body, url=url, data=data, json=json)


def outcome(found: Mapping[str, Any]) -> str:
    """Say what came of it: "12 accounts compared with Stripe; 1 differed, and is looked at"."""
    if found["state"] == "failed":
        return "Stripe did not answer; it is tried again within the hour. The server's log says more."
    said = f"{words.counted(found['checked'], 'account')} compared with Stripe; "
    differed = found["differed"]
    if not differed:
        said += "none differs"
    else:
        said += f"{words.count(differed)} differed, and {'is' if differed == 1 else 'are'} looked at"
    if found["foreign"]:
        said += f"; {words.counted(found['foreign'], 'subscription')} at Stripe {'is' if found['foreign'] == 1 else 'are'} nobody's here"
    return f"{said}."
