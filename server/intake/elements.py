"""Cuts the elements of one list out of a JSON object while its text arrives: neither is ever held whole.

Nothing is understood here but strings, brackets and commas. Each element, and the object around an emptied list, are
then parsed on their own; together they are right exactly when the whole is.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from server.errors import LimitExceededError
from server.intake.text import wrong

AROUND_BYTES_MAX = 1024 * 1024
"""What may stand around the list."""
STEP_BYTES = 4 * 1024
"""Text is looked at once there is so much more of it: a sender of single bytes costs no more than any other."""

_STRING = rb'"(?:[^"\\]++|\\[\s\S])*+"'
_BRACKET = re.compile(rb'(?:[^"{}\[\]]++|' + _STRING + rb")*+([{}\[\]])")
_DELIMITER = re.compile(rb'(?:[^"{}\[\],]++|' + _STRING + rb")*+([{}\[\],])")
_HEAD_BYTES = 256  # in which the list's name and its bracket are looked for


class Place(NamedTuple):
    """A line and a column in it, in characters; both from 1."""

    line: int = 1
    column: int = 1

    def after(self, text: bytes) -> "Place":
        """Return the place behind a text that begins here."""
        last = text.rfind(b"\n") + 1
        column = len(text[last:].decode(errors="replace"))
        return Place(self.line + text.count(b"\n"), column + (1 if last else self.column))


class Elements:
    """Takes the text of an object in pieces, gives the elements of its list `name` with the places where they begin.

    A list whose name is spelled with escapes stays where it is: in `around`, which is complete after `finish`.
    """

    def __init__(self, name: str, element_bytes_max: int) -> None:
        self._name = name
        self._head = re.compile(rb'(?<!\\)"' + name.encode() + rb'"[ \t\r\n]*:[ \t\r\n]*\[\Z')
        self._element_bytes_max = element_bytes_max
        self._text = bytearray()
        self._start = 0  # of what is not yet cut off
        self._place = Place()  # of that
        self._seen = 0  # behind the bracket or comma that was seen last
        self._looked = 0  # the length of the text when it was last looked at
        self._depth = 0
        self._open = False  # the list, at depth 2
        self._count = 0
        self._split = 0  # so much of `around` is before its elements, once it was found
        self._reopened = Place()  # where `around` goes on behind them
        self.around = bytearray()

    @property
    def found(self) -> bool:
        """Whether the list was there."""
        return self._split > 0

    def feed(self, chunk: bytes) -> Iterator[tuple[bytes, Place]]:
        """Take some more text.

        Raises:
            InvalidInputError: the list comes twice, or does not end as a list.
            LimitExceededError: an element or what is around the list is too large.
        """
        self._text += chunk
        if len(self._text) - self._looked >= STEP_BYTES:
            yield from self._look()

    def finish(self) -> Iterator[tuple[bytes, Place]]:
        """The text has ended. Raises as `feed` does."""
        yield from self._look()
        rest, place = self._cut(len(self._text))
        if self._open:
            raise wrong(f"The body ends within {self._name}", *place.after(rest))
        self.around += rest

    def place_around(self, characters: int) -> Place:
        """Return the place in the body of so many characters in `around`."""
        text = bytes(self.around)
        before = text[: self._split].decode(errors="replace")
        if not self.found or characters <= len(before):
            return Place().after(text.decode(errors="replace")[:characters].encode())
        behind = text[self._split :].decode(errors="replace")
        return self._reopened.after(behind[: characters - len(before)].encode())

    def _look(self) -> Iterator[tuple[bytes, Place]]:
        while found := (_DELIMITER if self._between else _BRACKET).match(self._text, self._seen):
            mark, self._seen = found[1], found.end()
            if self._between and mark in b",]}":
                yield from self._element(found.start(1), mark)
            elif mark in b"{[":
                self._depth += 1
                self._begin(mark)
            else:
                self._depth -= 1
        if not self._open:
            self.around += self._cut(self._seen)[0]
        del self._text[: self._start]
        self._seen, self._start, self._looked = self._seen - self._start, 0, len(self._text)
        self._bound()

    @property
    def _between(self) -> bool:
        """Whether the list itself is what goes on, and not one of its elements."""
        return self._open and self._depth == 2

    def _begin(self, mark: bytes) -> None:
        """Look whether this bracket opens the list."""
        if self._open or self._depth != 2 or mark != b"[":
            return
        before = (self.around[-_HEAD_BYTES:] + self._text[self._start : self._seen])[-_HEAD_BYTES:]
        if not self._head.search(before):
            return
        if self.found:
            raise wrong(f"{self._name}: expected once, got it twice", *self._cut(self._seen)[1])
        self.around += self._cut(self._seen)[0]
        self._split, self._open = len(self.around), True

    def _element(self, end: int, mark: bytes) -> Iterator[tuple[bytes, Place]]:
        text, place = self._cut(end)
        if mark == b"}":
            raise wrong(f"{self._name}: expected a comma or the end of the list, got '}}'", *self._place)
        if mark == b"," or self._count or text.strip():
            self._count += 1
            yield text, place
        if mark == b"]":
            self._open, self._depth, self._reopened = False, 1, self._place
        else:
            self._cut(self._seen)

    def _cut(self, end: int) -> tuple[bytes, Place]:
        text, place = bytes(self._text[self._start : end]), self._place
        self._start, self._place = end, place.after(text)
        return text, place

    def _bound(self) -> None:
        if self._open and len(self._text) > self._element_bytes_max:
            raise LimitExceededError(
                f"input_bytes_max: {self._name}[{self._count}] (line {self._place.line}) is longer than"
                f" {self._element_bytes_max:,} bytes",
                limit="input_bytes_max",
                line=self._place.line,
            )
        if len(self.around) + len(self._text) > AROUND_BYTES_MAX and not self._open:
            raise LimitExceededError(
                f"around_bytes_max: expected up to {AROUND_BYTES_MAX:,} bytes beside {self._name}, got more",
                limit="around_bytes_max",
            )
