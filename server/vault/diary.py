"""What others write into the standard library's logging, without what looks like a key."""

import logging

from server.vault.redaction import redacted

LOGGERS = ("", "uvicorn", "uvicorn.error", "uvicorn.access")


class RedactingFormatter(logging.Formatter):
    """Formats as another formatter does, exceptions and all, and takes keys out of what that gives."""

    def __init__(self, inner: logging.Formatter | None) -> None:
        super().__init__()
        self._inner = inner or logging.Formatter()

    def format(self, record: logging.LogRecord) -> str:
        """See logging.Formatter."""
        return redacted(self._inner.format(record))


def redact_logging() -> None:
    """Have all handlers there are write so: uvicorn's, and the last resort, by which asyncio tells of lost exceptions."""
    handlers = [handler for name in LOGGERS for handler in logging.getLogger(name).handlers]
    for handler in (*handlers, logging.lastResort):
        if handler is not None and not isinstance(handler.formatter, RedactingFormatter):
            handler.setFormatter(RedactingFormatter(handler.formatter))
