"""The audit log as rows: who changed what of who may do what. Rows are added and never changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy.ext.asyncio import AsyncConnection

from server.store.ids import Ids
from server.store.statements import fetch

ADD = """
INSERT INTO audit (id, account, actor, what, about, at_ms, detail)
VALUES (:id, :account, :actor, :what, :about, :at_ms, :detail)
"""
PAGE = """
SELECT id, actor, what, about, at_ms, detail FROM audit
WHERE account = :account AND (:after = '' OR id < :after) ORDER BY id DESC LIMIT :limit
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Deed:
    """What somebody did to an account. `detail` is JSON and holds no secret.

    `actor`: a person's e-mail address, or `operator`, `owner` (of a local server), `server`, `stripe`. `what`: a noun and a verb, such as
    `token.made`; `about`: the id or the name of the thing.
    """

    account: str
    actor: str
    what: str
    about: str
    at_ms: int
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class AuditRow:
    """A deed as it was written down."""

    id: str
    actor: str
    what: str
    about: str
    at_ms: int
    detail: Mapping[str, Any]


async def add_deed(conn: AsyncConnection, ids: Ids, deed: Deed) -> None:
    """Write a deed down, in the transaction of the deed itself: one is not there without the other."""
    await fetch(
        conn, ADD, id=ids.new(), account=deed.account, actor=deed.actor, what=deed.what, about=deed.about,
        at_ms=deed.at_ms, detail=orjson.dumps(dict(deed.detail)).decode(),
    )  # fmt: skip


async def audit_page(
    conn: AsyncConnection, account: str, *, limit: int, after: str | None = None
) -> list[AuditRow]:
    """Read an account's deeds, newest first; `after` is the id of the last one of the page before."""
    rows = await fetch(conn, PAGE, account=account, after=after or "", limit=limit)
    return [
        AuditRow(id=id_, actor=actor, what=what, about=about, at_ms=at_ms, detail=orjson.loads(detail))
        for id_, actor, what, about, at_ms, detail in rows
    ]
