"""How many more executions may start (pure)."""


def free_slots(slots: int, running: int) -> int:
    """Return how many may start now.

    After a downgrade more may be running than there are slots: it goes on to its end, and nothing starts until
    there is room again.
    """
    return max(0, slots - running)


def quota_left(quota: int, used: int, *, binding: bool) -> int | None:
    """Return how many tasks may still be counted this month; None: no limit holds anything back.

    A downgrade keeps the month's usage, so more may have been used than the quota allows.
    """
    return max(0, quota - used) if binding else None
