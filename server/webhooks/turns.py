"""Who may be asked now, of so many that could be (p): a bounded number in all, of an account, and of an address.

Addresses that do not answer take up to the whole deadline for nothing. They get half of everything at most, so whatever
fails, the other half is there for those that answer.
"""

from collections import Counter
from collections.abc import Iterable

from server.store.deliveries import Due

deliveries_at_once_max = 64
deliveries_of_account_max = 8
deliveries_of_hook_max = 2


class Turns:
    """Counts what is on its way."""

    def __init__(self) -> None:
        self._taken: Counter[tuple[str, bool]] = Counter()  # by name, and whether of failing ones alone

    def take(self, due: Due) -> bool:
        """Let a delivery go on its way; False: not now."""
        if any(self._taken[name, failing] >= most for name, failing, most in _limits(due)):
            return False
        self._taken.update(_names(due))
        return True

    def give_back(self, due: Due) -> None:
        """A delivery is over."""
        self._taken.subtract(_names(due))
        for name in _names(due):
            if not self._taken[name]:
                del self._taken[name]

    def full(self, hooks: Iterable[str]) -> list[str]:
        """Which of these addresses have as many on their way as they may."""
        return [hook for hook in dict.fromkeys(hooks) if self._taken[hook, False] >= deliveries_of_hook_max]


def _names(due: Due) -> list[tuple[str, bool]]:
    names = ["", f"account {due.account}", due.hook]
    return [(name, failing) for failing in {False, due.failing} for name in names]


def _limits(due: Due) -> list[tuple[str, bool, int]]:
    most = {
        "": deliveries_at_once_max,
        f"account {due.account}": deliveries_of_account_max,
        due.hook: deliveries_of_hook_max,
    }
    halves = [(name, True, number // 2) for name, number in most.items()] if due.failing else []
    return [*((name, False, number) for name, number in most.items()), *halves]
