"""Lines of other libraries hold no keys either, not even in an exception's words."""

import io
import logging

from server.vault.diary import RedactingFormatter, redact_logging

KEY = "sk-canary-0123456789abcdef"


def test_a_line_and_its_exception_are_written_without_keys() -> None:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(RedactingFormatter(logging.Formatter("%(levelname)s %(message)s")))
    error = ValueError(f"Illegal header value b'Bearer {KEY}'")
    record = logging.LogRecord("x", logging.ERROR, "f", 1, "with %s", (KEY,), (ValueError, error, None))
    handler.emit(record)
    assert KEY not in out.getvalue()
    assert out.getvalue().startswith("ERROR with sk-…")
    assert "ValueError" in out.getvalue()


def test_every_handler_is_seen_to_once() -> None:
    logger, handler = logging.getLogger("uvicorn"), logging.StreamHandler(io.StringIO())
    before = None if logging.lastResort is None else logging.lastResort.formatter
    logger.addHandler(handler)
    try:
        redact_logging()
        first = handler.formatter
        redact_logging()
        assert isinstance(first, RedactingFormatter)
        assert handler.formatter is first
    finally:
        logger.removeHandler(handler)
        if logging.lastResort is not None:
            logging.lastResort.setFormatter(before)
