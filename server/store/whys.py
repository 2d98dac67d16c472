"""Why a task failed, without what differs from task to task: "timeout", or "exit 1", for a code says more than that a program failed."""

import re

from server.model import Reason

WHY = re.compile(rf"({'|'.join(Reason)}|exit \d{{1,3}})")

# A message of a program that failed reads "exit 1: its last line"; codes have one to three digits.
_WHY = """
CASE WHEN {0}.reason = 'exit' AND {0}.message LIKE 'exit %' THEN
  CASE WHEN substr({0}.message, 7, 1) IN ('', ':') THEN substr({0}.message, 1, 6)
    WHEN substr({0}.message, 8, 1) IN ('', ':') THEN substr({0}.message, 1, 7)
    ELSE substr({0}.message, 1, 8) END
ELSE coalesce({0}.reason, '') END
"""


def why_of(table: str) -> str:
    """The expression of a task's why, in SQL; `table` is what the statement calls the tasks."""
    return _WHY.format(table)
