"""A byte stream in one of the formats goes into a spool, chunk by chunk."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from enum import StrEnum

from server.intake.csv import CsvReader
from server.intake.lines import LineReader
from server.intake.ndjson import NdjsonReader
from server.intake.rows import Reader
from server.intake.spool import Spool
from server.intake.text import Decoder

CHUNK_BYTES_MAX = 16 * 1024
"""Read in one go; a millisecond or two of work, after which a cycle may go first."""


class Format(StrEnum):
    """A list that is read as a stream."""

    CSV = "csv"
    NDJSON = "ndjson"
    LINES = "lines"


READERS: dict[Format, type[CsvReader | NdjsonReader | LineReader]] = {
    Format.CSV: CsvReader,
    Format.NDJSON: NdjsonReader,
    Format.LINES: LineReader,
}


async def next_step() -> None:
    """Let everyone else on the event loop have their turn."""
    await asyncio.sleep(0)


async def steps(
    chunks: AsyncIterator[bytes], give_way: Callable[[], Awaitable[None]] = next_step
) -> AsyncIterator[bytes]:
    """Cut chunks into pieces for one step each, and give way after each of them."""
    async for chunk in chunks:
        for start in range(0, len(chunk), CHUNK_BYTES_MAX):
            yield chunk[start : start + CHUNK_BYTES_MAX]
            await give_way()


async def receive(
    chunks: AsyncIterator[bytes],
    spool: Spool,
    *,
    shape: Format,
    chars_max: int,
    charset: str | None = None,
    give_way: Callable[[], Awaitable[None]] = next_step,
) -> None:
    """Read the stream to its end into the spool. A row's text may have `chars_max` characters.

    `give_way` is awaited after each piece: a sender that is faster than we are must not keep the loop from the rest.

    Raises:
        InvalidInputError, LimitExceededError: what is wrong, and in which line; the stream is left where it is.
    """
    decoder = Decoder(charset)
    reader: Reader = READERS[shape](chars_max)
    async for piece in steps(chunks, give_way):
        spool.take(reader.feed(decoder.feed(piece)))
    spool.take(reader.feed(decoder.finish()))
    spool.take(reader.finish())
    spool.finish()
