"""What `--resume` goes by: the former runs of a list, and which of its rows they have finished.

A former run is any batch of commands of this office that bears the list's name, with what `--try` adds to it or
without: whether it was watched to its end, was cancelled, or was cut off with its server. A row is finished where a
task of such a batch is done whose input has the row's key in the same field; where several are, the newest counts.
What program it was is not asked: another program is another `--name`.
"""

import re
from collections.abc import AsyncIterator, Collection, Sequence
from typing import Any

import orjson

from server.cli import words
from server.cli.api import Api
from server.cli.ask import ask, can_ask
from server.cli.exits import CommandError
from server.cli.figures import Figures
from server.cli.interrupts import Interrupts
from server.cli.kept import Finished, result_lines
from server.cli.screen import Screen
from server.clock import Clock
from server.intake import rows

LOOK_MS = 250
TRIED = re.compile(r" \((?:first|other) \d+\)")


class StillGoingError(CommandError):
    """A former run of the list is not over, and somebody may be waiting for it."""

    code = "still_going"


def is_former(batch: dict[str, Any], name: str) -> bool:
    """Whether a batch is a run of the list of this name."""
    called: str = batch["name"]
    fits = called.startswith(name) and (called == name or TRIED.fullmatch(called[len(name) :]))
    return bool(fits) and batch["kind"] == "command"


async def former_batches(api: Api, name: str) -> list[dict[str, Any]]:
    """The batches of the list's former runs, the newest first."""
    return [batch async for batch in api.pages("/batches", q=name) if is_former(batch, name)]


async def find_finished(
    api: Api, batches: Sequence[dict[str, Any]], field: str, keys: Collection[str], finished: Finished
) -> None:
    """Fill `finished` from these batches; stops as soon as every key of the list is found."""
    for batch in batches:
        if len(finished) == len(keys):
            return
        if batch["done"]:
            async for line in result_lines(api, batch["id"], state="done"):
                key = rows.words(orjson.loads(line)["input"].get(field))
                if key in keys:
                    finished.add(key, line)


async def end_open(
    api: Api, clock: Clock, screen: Screen, interrupts: Interrupts, batches: Sequence[dict[str, Any]],
    *, own: bool, yes: bool,
) -> bool:  # fmt: skip
    """Cancel what is still open of former runs, so that no row is run twice at a time; False when interrupted.

    With a server of our own nobody else can be waiting for them, nor for one that the server has paused by itself.
    For all others somebody has to say so.

    Raises:
        StillGoingError: one goes on, and nobody said that it may be ended.
    """
    for batch in batches:
        figures = Figures.from_http(batch)
        if figures.ended:
            continue
        if not (own or yes or figures.halted or await _may_end(screen, interrupts, figures)):
            if interrupts.asked.is_set():
                return False
            raise StillGoingError(
                f"a former run is not over: {_described(figures)}; nothing was started. With --yes it is cancelled"
                f" and what is left of it is done by this one; `tendesks watch` shows it"
            )
        screen.tell(("Cancelled ", "quiet"), _described(figures), "; this command does what is left of it.")
        await api.post(f"/batches/{figures.id}/cancel")
        async for _ in _until_ended(api, clock, figures.id):
            if interrupts.asked.is_set():
                return False
    return True


async def _may_end(screen: Screen, interrupts: Interrupts, figures: Figures) -> bool:
    if not can_ask(screen):
        return False
    question = (
        f"A former run is not over: {_described(figures)}.\nCancel it, and do what is left of it now? [y/N]"
    )
    return await ask(screen, interrupts, question) in ("y", "yes")


async def _until_ended(api: Api, clock: Clock, batch: str) -> AsyncIterator[None]:
    while not Figures.from_http(await api.get(f"/batches/{batch}")).ended:
        yield
        await clock.sleep(LOOK_MS)


def _described(figures: Figures) -> str:
    return f"{words.plain(figures.name)} ({figures.id}, {words.count(figures.done)} of {words.count(figures.total)} done)"
