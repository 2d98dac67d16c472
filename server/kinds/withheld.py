"""Values that are used and never stored: variables and headers that a user hands to a batch, which may be secrets."""

import secrets
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import Any

from server.errors import InvalidInputError
from server.kinds.wording import one_line
from server.model import ExecutionState, Outcome, Reason

batches_max = 10_000
"""Of so many batches values are kept; the oldest are let go first."""
_MESSAGE_CHARACTERS_MAX = 300
_MASKED_FROM_CHARACTERS = 4


class ValuesLostError(InvalidInputError):
    """The values went with the server that had them: no task of the batch can be carried out any more."""

    def outcome(self) -> Outcome:
        """The end of an execution that needed them: its task goes back, and the batch halts and says why."""
        message = one_line(self.detail, _MESSAGE_CHARACTERS_MAX)
        return Outcome(
            state=ExecutionState.FAILED, reason=Reason.INVALID, message=message, retryable=False, halts=True
        )


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

    def put_by(self, values: Mapping[str, str]) -> dict[str, Any]:
        """Keep these, and return what may be stored in their place: their names, and the reference."""
        return {"names": sorted(values), "reference": self.keep(values)}

    def recalled(self, stored: Mapping[str, Any]) -> Mapping[str, str]:
        """Return the values that were put by under `stored`.

        Raises:
            ValuesLostError: they are gone; names the values.
        """
        kept = self.find(stored["reference"])
        if kept is None:
            names = ", ".join(stored["names"])
            raise ValuesLostError(
                f"expected the values of {names}, which are never stored and were lost when the server stopped;"
                " submit these tasks again"
            )
        return kept


def masked(text: str, values: Iterable[str]) -> str:
    """Return the text with each of these values, which may be secrets, put out of sight.

    For words that come from elsewhere, and may repeat what they were sent. Very short values hide nothing.
    """
    for value in sorted(values, key=len, reverse=True):
        if len(value) >= _MASKED_FROM_CHARACTERS:
            text = text.replace(value, "…")
    return text
