"""The owners are told by mail, where mail is sent from here, when a webhook of theirs was switched off."""

from functools import partial

from structlog import get_logger

from server.accounts.mail import Mail
from server.accounts.postroom import PostRoom
from server.errors import UnavailableError
from server.model import Role
from server.settings import Settings
from server.store.database import Database
from server.store.hooks import OffReason, SwitchedOff
from server.store.people import members
from server.webhooks.address import called

WHY = {
    OffReason.GONE: "It answered that it wants nothing any more (410).",
    OffReason.FAILING: "Nothing has arrived there for five days.",
    OffReason.SECRET: "What its messages are signed with cannot be opened on this server any more: make a new secret.",
}
log = get_logger(__name__)


class Letters:
    """Writes them. Whoever has no mail set up sees it on the page, and in the audit log."""

    def __init__(self, db: Database, settings: Settings, post: PostRoom) -> None:
        self._db = db
        self._settings = settings
        self._post = post

    async def tell(self, off: SwitchedOff) -> None:
        """Write to every owner of the account."""
        if not self._post.open:
            return
        async with self._db.read() as conn:
            owners = [each.email for each in await members(conn, off.account) if each.role == Role.OWNER]
        for owner in owners:
            try:
                self._post.put(partial(self._write, owner, off))
            except UnavailableError as error:
                log.warning("webhooks.letter_not_written", reason=error.detail)

    async def _write(self, owner: str, off: SwitchedOff) -> Mail:
        return mail_of(owner, off, self._settings.page_url)


def mail_of(owner: str, off: SwitchedOff, page: str) -> Mail:
    """The letter. The address's path and query are not in it: they may be secrets, and mail passes many hands."""
    name = f"{off.label} ({called(off.url)})" if off.label else called(off.url)
    text = (
        f"Ten Desks has switched off your webhook {name}.\n\n{WHY[off.reason]}\n\n"
        "Nothing is lost: what waits for it goes out once it is switched on again, under Account at\n"
        f"{page}\n"
    )
    return Mail(to=owner, subject="A webhook was switched off", text=text)
