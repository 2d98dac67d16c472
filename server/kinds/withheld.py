"""Values that are used and never stored: the variables a user hands to a batch, which may be secrets."""

import secrets
from collections import OrderedDict
from collections.abc import Mapping

batches_max = 10_000
"""Of so many batches values are kept; the oldest are let go first."""


class Withheld:
    """Keeps values in memory alone, under a reference that may be stored. With the process they are gone."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Mapping[str, str]] = OrderedDict()

    def keep(self, values: Mapping[str, str]) -> str:
        """Keep these, and return what they are found by."""
        reference = secrets.token_hex(8)
        self._kept[reference] = dict(values)
        while len(self._kept) > batches_max:
            self._kept.popitem(last=False)
        return reference

    def find(self, reference: str) -> Mapping[str, str] | None:
        """Return what was kept, or None where it is gone."""
        return self._kept.get(reference)
