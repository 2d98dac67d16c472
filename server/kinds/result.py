"""The result of a program, from the end of its stdout: its last line if that is JSON, else the text itself. Pure."""

import orjson

from server.errors import LimitExceededError
from server.kinds.output import Tail

_CLOSING = {b"{": b"}", b"[": b"]", b'"': b'"'}
_ESCAPED_BYTES_MAX = 6  # one character as JSON: backslash, u, four digits


def result_of(tail: Tail, result_bytes_max: int) -> bytes:
    """Return JSON text of at most `result_bytes_max` bytes.

    The last line that is not blank, as it came, if it is one JSON value of any type. Else `{"text": …}` with the
    end of stdout: as much of it as the tail kept and as fits, without NUL and without the newlines at its end.

    Raises:
        LimitExceededError: the last line is larger than that, and JSON by its looks.
    """
    line = tail.last_line().strip()
    cut_open = tail.opening()
    if not cut_open and _is_json(line):
        if len(line) > result_bytes_max:
            raise _too_large(result_bytes_max)
        return line
    if cut_open and _CLOSING.get(cut_open) == line[-1:]:
        raise _too_large(result_bytes_max)
    return _as_text(tail.last(), result_bytes_max)


def _is_json(line: bytes) -> bool:
    try:
        orjson.loads(line)
    except orjson.JSONDecodeError:
        return False
    return True


def _as_text(data: bytes, result_bytes_max: int) -> bytes:
    text = data.decode("utf-8", "replace").replace("\x00", "").rstrip("\r\n")
    result = orjson.dumps({"text": text})
    while len(result) > result_bytes_max:
        excess = len(result) - result_bytes_max
        text = text[-(-excess // _ESCAPED_BYTES_MAX) :]
        result = orjson.dumps({"text": text})
    return result


def _too_large(result_bytes_max: int) -> LimitExceededError:
    return LimitExceededError(
        f"expected a result of at most {result_bytes_max // 1024} KiB (result_bytes_max) on the last line, got more"
    )
