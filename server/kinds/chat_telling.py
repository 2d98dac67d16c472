"""What a chat tells its desk and its log while the answer comes."""

from server.kinds.chat_answer import Answer
from server.kinds.chat_lengths import permille
from server.kinds.contract import Context

LINE_CHARACTERS_MAX = 400
"""A paragraph is cut into lines of about so many characters, so that it can be read while it comes."""


class Telling:
    """Text goes into the log as lines; tokens become the note, and progress where the length can be foreseen."""

    def __init__(self, context: Context, expected: int | None) -> None:
        self._context = context
        self._expected = expected
        self._line = ""
        self.tokens = 0

    def heard(self, answer: Answer, text: str) -> None:
        """A piece has come; `text` is what it added to the answer."""
        tokens = self.tokens = answer.tokens
        if tokens:
            about = f"about {tokens:,} {'token' if tokens == 1 else 'tokens'}"
            self._context.note(f"thinking, {about}" if answer.thinking else about)
        if tokens and self._expected is not None:
            self._context.progress(permille(tokens, self._expected))
        self._write(text)

    def end(self) -> None:
        """There is no more text: the last line counts although nothing ended it."""
        if self._line:
            self._context.log(self._line)
        self._line = ""

    def _write(self, text: str) -> None:
        whole, newline, rest = (self._line + text).rpartition("\n")
        if not newline and len(rest) > LINE_CHARACTERS_MAX:
            whole, newline, rest = _cut(rest)
        if newline:
            self._context.log(whole + "\n")
        self._line = rest


def _cut(line: str) -> tuple[str, str, str]:
    """Cut a long line at its last space, or at its end where it has none."""
    whole, space, rest = line.rpartition(" ")
    return (whole, space, rest) if whole.strip() else (line, " ", "")
