"""The kind `external`: its tasks are leased by the user's own runners over HTTP, in any language."""

from collections.abc import Mapping, Sequence
from typing import Any

from server.errors import InvalidInputError
from server.kinds.contract import Context
from server.model import Outcome, Work


class ExternalKind:
    """Params `{}`. Nothing is carried out here: see `server/scheduler/pulling.py`."""

    name = "external"
    attempts = 3

    def check(self, params: Mapping[str, Any], fields: Sequence[str]) -> dict[str, Any]:  # noqa: ARG002
        """See Kind."""
        if params:
            raise InvalidInputError(f"external: expected no params, got {', '.join(sorted(params))[:100]}")
        return {}

    async def perform(self, work: Work, context: Context) -> Outcome:  # noqa: ARG002
        """Never called: its executions are handed to whoever asks for them."""
        raise AssertionError(f"expected {work.execution} to be leased, it was begun here")
