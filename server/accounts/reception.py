"""The rooms that deal with people, put together: who comes in how, who belongs where, who may do what by which token."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from server.accounts.access import Access
from server.accounts.attempts import Attempts
from server.accounts.issuer import Issuer
from server.accounts.mail import Relay, relay_of
from server.accounts.members import Members
from server.accounts.openid import OpenId
from server.accounts.openid_client import client_of
from server.accounts.postroom import PostRoom
from server.accounts.register import Register
from server.accounts.sessions import Sessions
from server.accounts.signin import SignIn
from server.accounts.tokens import Tokens
from server.clock import Clock
from server.errors import ConfigurationError
from server.model import Tier
from server.settings import Mode, Settings
from server.store.database import Database
from server.store.ids import Ids

MINUTE_MS = 60_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Reception:
    """All of them; also in local mode, where nobody signs in and there is one account."""

    tokens: Tokens
    sessions: Sessions
    access: Access
    members: Members
    signin: SignIn
    register: Register
    post: PostRoom
    failures: Attempts
    openid: OpenId | None = None

    def begin(self) -> None:
        """Send letters, and write down when tokens are used."""
        self.post.begin()
        self.tokens.uses.begin()

    async def stop(self) -> None:
        """Write down what is left to be, and end."""
        await self.post.stop()
        await self.tokens.uses.stop()
        if self.openid is not None:
            await self.openid.aclose()


def open_reception(
    *,
    settings: Settings,
    db: Database,
    clock: Clock,
    ids: Ids,
    tiers: Mapping[str, Tier],
    office_name: Callable[[str], Awaitable[str]],
) -> Reception:
    """Put it together. `tiers`: the first of them is what newcomers get; `office_name` tells an office's name.

    Raises:
        ConfigurationError: mail or OpenID Connect is set up in part.
    """
    tokens = Tokens(db, clock, ids)
    sessions, access = Sessions(db, clock, tokens), Access(db, clock, ids, tokens)
    post = PostRoom(clock, _relay(settings), _sender(settings))
    signin = SignIn(
        db=db,
        clock=clock,
        ids=ids,
        settings=settings,
        sessions=sessions,
        post=post,
        newcomers=next(iter(tiers)),
    )
    client = client_of(settings)
    return Reception(
        tokens=tokens,
        sessions=sessions,
        access=access,
        post=post,
        members=Members(
            db=db,
            clock=clock,
            ids=ids,
            settings=settings,
            tokens=tokens,
            post=post,
            office_name=office_name,
        ),
        signin=signin,
        register=Register(db, clock, ids, access),
        failures=Attempts(settings.failed_tokens_per_minute_max, MINUTE_MS),
        openid=None
        if client is None
        else OpenId(
            name=settings.oidc_name or urlsplit(client.issuer).hostname or "OpenID",
            issuer=Issuer(client, clock),
            db=db,
            clock=clock,
            ids=ids,
            signin=signin,
            per_address_max=settings.openid_per_address_max,
        ),
    )


def _relay(settings: Settings) -> Relay | None:
    if settings.mode is Mode.LOCAL or settings.smtp_url is None:
        return None
    if settings.public_url is None:
        raise ConfigurationError(
            "TENDESKS_PUBLIC_URL: expected where people open the page, as links in mails begin with it, got none"
        )
    try:
        return relay_of(settings.smtp_url.get_secret_value())
    except ValueError as error:
        raise ConfigurationError(f"TENDESKS_SMTP_URL: {error}, got something else") from None


def _sender(settings: Settings) -> str:
    sender = settings.mail_from or f"Ten Desks <tendesks@{urlsplit(settings.page_url).hostname}>"
    if "@" not in sender or any(ord(char) < 32 for char in sender):
        raise ConfigurationError(
            f"TENDESKS_MAIL_FROM: expected `Name <address>` or an address, got {sender!r:.80}"
        )
    return sender
