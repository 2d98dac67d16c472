"""The process that writes a Parquet file: rows on its stdin, the file on its stdout, both files without a name.

It reads what somebody else's programs wrote, so its limits are set first. It can be killed at any moment: what it wrote is
gone with its files.
"""

import os

from server.confined import confine

memory_bytes_max = 1024 * 1024 * 1024
cpu_s_max = 600
file_bytes_max = 2 * 1024 * 1024 * 1024
LIMITS = {"DATA": memory_bytes_max, "CPU": cpu_s_max, "FSIZE": file_bytes_max}
NICE = 10
"""A file waits for the queue, not the other way round."""


def main() -> None:
    """Write the file; exits with 0 when it is whole."""
    confine(LIMITS, nice=NICE)
    from server.sheets.parquet import write  # noqa: PLC0415 -- within the limits

    with os.fdopen(0, "rb") as rows, os.fdopen(1, "wb") as file:
        write(rows, file)


if __name__ == "__main__":
    main()
