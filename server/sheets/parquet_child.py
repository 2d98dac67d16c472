"""The process that writes a Parquet file: rows on its stdin, the file on its stdout, both files without a name.

It reads what somebody else's programs wrote, so its limits are set first. It can be killed at any moment: what it wrote is
gone with its files.
"""

import os
from contextlib import suppress

memory_bytes_max = 1024 * 1024 * 1024
cpu_s_max = 600
file_bytes_max = 2 * 1024 * 1024 * 1024
NICE = 10
"""A file waits for the queue, not the other way round."""


def main() -> None:
    """Write the file; exits with 0 when it is whole."""
    limit_itself()
    from server.sheets.parquet import write  # noqa: PLC0415 -- within the limits

    with os.fdopen(0, "rb") as rows, os.fdopen(1, "wb") as file:
        write(rows, file)


def limit_itself() -> None:
    """Set the limits of this process, where the system has such limits."""
    with suppress(OSError):
        os.nice(NICE)
    with suppress(ImportError):
        import resource  # noqa: PLC0415 -- not on every system

        limits = (
            (resource.RLIMIT_DATA, memory_bytes_max),
            (resource.RLIMIT_CPU, cpu_s_max),
            (resource.RLIMIT_FSIZE, file_bytes_max),
            (resource.RLIMIT_CORE, 0),
        )
        for which, most in limits:
            with suppress(ValueError, OSError):
                resource.setrlimit(which, (most, most))


if __name__ == "__main__":
    main()
