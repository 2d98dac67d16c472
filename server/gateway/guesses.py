"""Tries of secrets over HTTP, counted together with those of the live socket: an address has so many for both."""

from collections.abc import Iterator
from contextlib import contextmanager

from starlette.datastructures import Address

from server.accounts.attempts import address_of
from server.clock import Clock
from server.errors import NotFoundError, TooManyError
from server.gateway.admission import Admission
from server.settings import Mode


class Guesses:
    """Satisfies server.routes.call.Guesses."""

    def __init__(self, admission: Admission, clock: Clock, mode: Mode) -> None:
        self._admission = admission
        self._clock = clock
        self._mode = mode

    @contextmanager
    def guarded(self, client: Address | None) -> Iterator[None]:
        """See server.routes.call.Guesses."""
        address = address_of(None if client is None else client.host, self._mode)
        if address is None:
            yield
            return
        refused = self._admission.refused(address, self._clock.monotonic_ms())
        if refused is not None:
            raise TooManyError(refused[0], retry=refused[1])
        try:
            yield
        except NotFoundError:
            self._admission.failed(address, self._clock.monotonic_ms())
            raise
