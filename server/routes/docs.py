"""The documentation of the interface: a page of our own, written from the route table, and the OpenAPI document."""

from collections.abc import Iterable, Sequence
from html import escape
from itertools import groupby

from starlette.responses import HTMLResponse, Response

from server.routes.answers import JsonAnswer
from server.routes.call import Call
from server.routes.entry import Answer, Entry, Query, json
from server.routes.openapi import document
from server.routes.problem import all_errors

_CACHED = {"cache-control": "no-cache"}
_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Ten Desks: the HTTP interface</title>
<style>
:root {{ color-scheme: light dark; --ink: light-dark(#38292f, #fdf1e2); --soft: light-dark(#66514f, #cbc2e0);
  --paper: light-dark(#fffaf2, #2a284f); --line: light-dark(#ead9c4, #45427a); --teal: light-dark(#1d6f66, #7fdcc6); }}
body {{ font: 15px/22px Figtree, system-ui, sans-serif; color: var(--ink); background: var(--paper);
  max-width: 56rem; margin: 0 auto; padding: 32px 16px; }}
h2 {{ margin: 32px 0 8px; text-transform: capitalize; }}
section {{ border-top: 1px solid var(--line); padding: 12px 0; }}
h3 {{ font: 600 15px/22px "JetBrains Mono", monospace; margin: 0; overflow-wrap: anywhere; }}
p, dl {{ margin: 4px 0; }} a, b {{ color: var(--teal); }}
dl {{ display: grid; grid-template-columns: max-content 1fr; gap: 2px 16px; }} dt {{ font-family: monospace; }}
dd {{ margin: 0; color: var(--soft); }} small {{ color: var(--soft); }}
</style>
<h1>Ten Desks: the HTTP interface</h1>
<p>Send <code>Authorization: Bearer …</code> with a token. The same, for machines: <a href="/openapi.json">openapi.json</a>.
Times are RFC 3339 in UTC. Lists take <code>limit</code> and <code>cursor</code>. A POST may carry an
<code>Idempotency-Key</code>: sent again, it is done once. What changes live comes over the socket at <code>/live</code>.</p>
{body}
</html>
"""


def documentation(table: Sequence[Entry]) -> tuple[Entry, ...]:
    """The entries that tell of the others, and of themselves."""
    told: list[Entry] = [*table]

    async def openapi(_call: Call) -> Response:
        return JsonAnswer(document(told), headers=_CACHED)

    async def docs(_call: Call) -> Response:
        return HTMLResponse(html(told), headers=_CACHED)

    pages = (
        Entry(
            method="GET", path="/openapi.json", scope=None, endpoint=openapi, tag="documentation",
            summary="This interface, for machines.", answer=json("Document"),
        ),
        Entry(
            method="GET", path="/docs", scope=None, endpoint=docs, tag="documentation",
            summary="This interface, for people.", answer=Answer(content={"text/html": None}),
        ),
    )  # fmt: skip
    told += pages
    return pages


def html(entries: Iterable[Entry]) -> str:
    """The page."""
    by_tag = groupby(sorted(entries, key=lambda entry: entry.tag), lambda entry: entry.tag)
    parts = [f"<h2>{escape(tag)}</h2>" + "".join(map(_section, group)) for tag, group in by_tag]
    return _PAGE.format(body="\n".join([*parts, _errors()]))


def _section(entry: Entry) -> str:
    needs = "public" if entry.scope is None else f"needs the scope {entry.scope}"
    types = [f"<small>takes {escape(', '.join(entry.body))}</small>"] if entry.body else []
    gives = ", ".join(entry.answer.content) or "nothing"
    types.append(f"<small>gives {entry.answer.status}, {escape(gives)}</small>")
    return (
        f"<section><h3><b>{entry.method}</b> {escape(entry.path)}</h3><p>{escape(entry.summary)} "
        f"<small>({needs})</small></p>{_queries(entry.query)}<p>{'; '.join(types)}</p></section>"
    )


def _queries(queries: Sequence[Query]) -> str:
    if not queries:
        return ""
    items = (f"<dt>{escape(query.name)}</dt><dd>{escape(query.text)}</dd>" for query in queries)
    return f"<dl>{''.join(items)}</dl>"


def _errors() -> str:
    rows = (
        f'<dt id="{error.code}">{error.status} {error.code}</dt><dd>{escape(_advice(error.__doc__))}</dd>'
        for error in all_errors()
    )
    return f"<h2>Errors</h2><p>All are application/problem+json (RFC 9457).</p><dl>{''.join(rows)}</dl>"


def _advice(text: str | None) -> str:
    return (text or "").strip().splitlines()[0]
