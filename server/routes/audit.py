"""The audit log, for owners: who changed what of who may do what."""

from starlette.responses import Response

from server.routes.call import Call
from server.routes.paging import cursor_of, limit_of, page
from server.routes.times import rfc3339
from server.store.audit import audit_page


async def listed(call: Call) -> Response:
    """All deeds of the account, newest first."""
    query = call.request.query_params
    limit, cursor = limit_of(query), cursor_of(query, str)
    async with call.parts.db.read() as conn:
        rows = await audit_page(
            conn, call.who.account, limit=limit + 1, after=str(cursor[0]) if cursor else None
        )
    items = [
        {
            "id": row.id,
            "at": rfc3339(row.at_ms),
            "actor": row.actor,
            "what": row.what,
            "about": row.about,
            "detail": row.detail,
        }
        for row in rows[:limit]
    ]
    return page(items, after=(rows[limit - 1].id,) if len(rows) > limit else None)
