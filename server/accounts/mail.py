"""Mail as it is sent: one plain text over SMTP, encrypted on its way unless the relay is this very machine."""

import secrets
import smtplib
import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

TIMEOUT_S = 20
PORTS = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True, kw_only=True, slots=True)
class Relay:
    """The server that takes our mail. `direct`: encrypted from the first byte, else by STARTTLS, which `plain` spares."""

    host: str
    port: int
    direct: bool
    plain: bool
    user: str | None = None
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Mail:
    """One text to one address."""

    to: str
    subject: str
    text: str = field(repr=False)


def relay_of(url: str) -> Relay:
    """Read `smtp://user:password@host:port`, or `smtps://…`.

    Raises:
        ValueError: it is none; the message does not repeat it, as it may hold a password.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in PORTS or not parts.hostname or parts.path.strip("/") or parts.query or port == 0:
        raise ValueError("expected a URL such as smtp://user:password@mail.example.org:587")
    return Relay(
        host=parts.hostname,
        port=port or PORTS[parts.scheme],
        direct=parts.scheme == "smtps",
        plain=_is_this_machine(parts.hostname),
        user=None if parts.username is None else unquote(parts.username),
        password=None if parts.password is None else unquote(parts.password),
    )


def message_of(mail: Mail, sender: str, now_ms: int) -> EmailMessage:
    """Write a mail as it goes over the wire. A line break in an address or subject raises ValueError."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = mail.to
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(datetime.fromtimestamp(now_ms / 1000, UTC))
    message["Message-ID"] = f"<{secrets.token_hex(16)}@{sender.rpartition('@')[2].strip('<> ')}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    return message


def deliver(relay: Relay, message: EmailMessage) -> None:
    """Hand a message over to the relay. Blocks: to be called in a thread.

    Raises:
        OSError: nobody answers, the certificate is wrong, or the relay refuses (smtplib.SMTPException is one).
    """
    context = ssl.create_default_context()
    if relay.direct:
        with smtplib.SMTP_SSL(relay.host, relay.port, timeout=TIMEOUT_S, context=context) as server:
            _send(server, relay, message)
        return
    with smtplib.SMTP(relay.host, relay.port, timeout=TIMEOUT_S) as server:
        if not relay.plain:
            server.starttls(context=context)
        _send(server, relay, message)


def _send(server: smtplib.SMTP, relay: Relay, message: EmailMessage) -> None:
    if relay.user is not None:
        server.login(relay.user, relay.password or "")
    server.send_message(message)


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
