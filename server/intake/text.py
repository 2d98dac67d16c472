"""Bytes become text, and text becomes lines, as they arrive: nothing here holds more than one chunk and one line."""

import codecs
import re
from collections.abc import Iterator

from server.errors import InvalidInputError, LimitExceededError

CHARSETS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "utf-8",
    "utf-16": "utf-16-le",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "windows-1252": "cp1252",
    "cp1252": "cp1252",
    "iso-8859-1": "cp1252",  # as browsers do: the WHATWG encoding standard makes them one
    "latin1": "cp1252",
}
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_LINE = re.compile(r"[^\r\n]*+(?:\r\n|\n|\r)")
_HINT = "save the list as UTF-8 (spreadsheets call it 'CSV UTF-8'), or name its charset in the Content-Type"


def wrong(detail: str, line: int, column: int) -> InvalidInputError:
    """An error that says where: both counted from 1, the column in characters."""
    return InvalidInputError(f"{detail} (line {line}, column {column})", line=line, column=column)


class Decoder:
    """Decodes a byte stream: by its byte order mark, else as `charset`, else as UTF-8.

    Raises:
        InvalidInputError: an unknown charset, bytes that are not of it, or a NUL character; with line and column.
    """

    def __init__(self, charset: str | None = None) -> None:
        named = (charset or "utf-8").lower()
        if named not in CHARSETS:
            raise InvalidInputError(f"charset: expected one of {', '.join(CHARSETS)}, got {named!r}")
        self._named = CHARSETS[named]
        self._head = b""
        self._decoder: codecs.IncrementalDecoder | None = None
        self._newlines = 0
        self._returns = 0
        self._column = 0

    def feed(self, chunk: bytes) -> str:
        """Return the text that is complete so far."""
        if self._decoder is not None:
            return self._decode(self._decoder, chunk, final=False)
        self._head += chunk
        if len(self._head) < len(codecs.BOM_UTF8):
            return ""
        return self._decode(self._begin(), self._head, final=False)

    def finish(self) -> str:
        """Return what is left; the stream has ended."""
        if self._decoder is not None:
            return self._decode(self._decoder, b"", final=True)
        return self._decode(self._begin(), self._head, final=True)

    def _begin(self) -> codecs.IncrementalDecoder:
        mark, name = next((found for found in _BOMS if self._head.startswith(found[0])), (b"", self._named))
        self._head = self._head.removeprefix(mark)
        self._decoder = codecs.getincrementaldecoder(name)()
        return self._decoder

    def _decode(self, decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool) -> str:
        try:
            text = decoder.decode(chunk, final)
        except UnicodeDecodeError as error:
            self._count(error.object[: error.start].decode(error.encoding, "ignore"))
            found = error.object[error.start : error.start + 1].hex()
            raise self._wrong(f"byte 0x{found} is not {error.encoding.upper()}: {_HINT}") from None
        if "\0" in text:
            self._count(text[: text.index("\0")])
            raise self._wrong(f"a NUL character, expected text: {_HINT}")
        self._count(text)
        return text

    def _count(self, text: str) -> None:
        self._newlines += text.count("\n")
        self._returns += text.count("\r")
        last = max(text.rfind("\n"), text.rfind("\r"))
        self._column = len(text) - last - 1 if last >= 0 else self._column + len(text)

    def _wrong(self, detail: str) -> InvalidInputError:
        return wrong(detail, 1 + (self._newlines or self._returns), self._column + 1)


class Lines:
    """Cuts text into lines ended by CRLF, LF or CR, and only by these; the endings are kept."""

    def __init__(self, chars_max: int) -> None:
        self._chars_max = chars_max
        self._parts: list[str] = []  # of a line that is not complete
        self._chars = 0
        self.number = 0

    def feed(self, text: str) -> Iterator[str]:
        """Yield the lines that are complete; `number` is that of the line last yielded."""
        self._parts.append(text)
        self._chars += len(text)
        if "\n" in text or "\r" in text or (len(self._parts) > 1 and self._parts[-2].endswith("\r")):
            for line in self._complete():
                yield self._next(line)
        if self._chars > self._chars_max:
            self._next("".join(self._parts))

    def finish(self) -> Iterator[str]:
        """Yield what is left; the text has ended."""
        if self._chars:
            yield self._next("".join(self._parts))

    def _complete(self) -> list[str]:
        """Take the lines that are complete, all in one go; a CR at the very end may be half of a CRLF."""
        text = "".join(self._parts)
        most = len(text) - text.endswith("\r")
        end = max(text.rfind("\n", 0, most), text.rfind("\r", 0, most)) + 1
        self._parts = [text[end:]]
        self._chars = len(text) - end
        found: list[str] = _LINE.findall(text, 0, end)
        return found

    def _next(self, line: str) -> str:
        self.number += 1
        if len(line) > self._chars_max:
            raise LimitExceededError(
                f"input_bytes_max: line {self.number} is longer than {self._chars_max:,} characters",
                limit="input_bytes_max",
                line=self.number,
                column=self._chars_max + 1,
            )
        return line
