"""A real SMTP server on a loopback port, in a thread of its own, that keeps what it is sent; it can be told to refuse."""

import email
import queue
import re
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

WAIT_S = 60


class Mailbox:
    """What has come. `refusals`: so many of the next messages are turned away first."""

    def __init__(self) -> None:
        self._came: queue.Queue[EmailMessage] = queue.Queue()
        self.refusals = 0
        self.logins: list[tuple[bytes, bytes]] = []
        self.port = 0

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        if self.refusals:
            self.refusals -= 1
            return "451 come back later"
        message = email.message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        self._came.put(message)
        return "250 OK"

    def authenticate(self, _server: Any, _session: Any, _envelope: Any, _how: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logins.append((data.login, data.password))
        return AuthResult(success=data.password == b"p@ss", handled=False)

    def next(self) -> EmailMessage:
        """The next message, which a real server sends when it gets to it."""
        return self._came.get(timeout=WAIT_S)

    @property
    def empty(self) -> bool:
        return self._came.empty()


def link_in(message: EmailMessage) -> str:
    """The one link of a mail."""
    (found,) = re.findall(r"https?://\S+", message.get_content())
    return str(found)


def secret_in(message: EmailMessage) -> str:
    """The secret in the fragment of a mail's link."""
    return link_in(message).partition("#signin=")[2]


class AnyPort(Controller):
    """Its own look whether it runs, at the port that it was given."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def mailbox(**options: Any) -> Iterator[Mailbox]:
    box = Mailbox()
    controller = AnyPort(
        box, hostname="127.0.0.1", port=0, authenticator=box.authenticate, auth_require_tls=False, **options
    )
    controller.start()
    box.port = controller.port
    try:
        yield box
    finally:
        controller.stop()
