"""The route table as an OpenAPI 3.1 document."""

import re
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from server.routes.billingschemas import BILLING_SCHEMAS
from server.routes.entry import API, Entry
from server.routes.figureschemas import FIGURE_SCHEMAS
from server.routes.keyschemas import KEY_SCHEMAS
from server.routes.leaseschemas import LEASE_SCHEMAS
from server.routes.linkschemas import LINK_ID, LINK_SCHEMAS
from server.routes.peopleschemas import PEOPLE_SCHEMAS
from server.routes.pictureschemas import PICTURE_SCHEMAS
from server.routes.recordingschemas import RECORDING_SCHEMAS
from server.routes.schemas import COUNT, ID, SCHEMAS, TEXT, ref
from server.routes.webhookschemas import DELIVERY_ID, WEBHOOK_SCHEMAS

_PARAMETER = re.compile(r"{(\w+)}")
ALL_SCHEMAS = {
    **SCHEMAS,
    **LINK_SCHEMAS,
    **KEY_SCHEMAS,
    **PICTURE_SCHEMAS,
    **PEOPLE_SCHEMAS,
    **BILLING_SCHEMAS,
    **FIGURE_SCHEMAS,
    **LEASE_SCHEMAS,
    **RECORDING_SCHEMAS,
    **WEBHOOK_SCHEMAS,
}
_PROBLEM = {
    "description": "What was expected and what came (RFC 9457).",
    "content": {"application/problem+json": {"schema": ref("Problem")}},
}


def document(entries: Sequence[Entry]) -> dict[str, Any]:
    """Write the document; the same entries always give the same one."""
    paths: dict[str, dict[str, Any]] = {}
    for entry in entries:
        paths.setdefault(entry.path, {})[entry.method.lower()] = _operation(entry)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Ten Desks",
            "version": _version(),
            "summary": "A fair queue of tasks, shown running as a live 3D office in the browser.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": ALL_SCHEMAS,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "session": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": "tendesks_PORT",
                    "description": "over https, of a hosted server: `__Host-tendesks`",
                },
            },
        },
    }


def _version() -> str:
    try:
        return version("tendesks")
    except PackageNotFoundError:
        return "0"


def _operation(entry: Entry) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": entry.name,
        "summary": entry.summary,
        "tags": [entry.tag],
        "parameters": _parameters(entry),
        "responses": {str(entry.answer.status): _answer(entry), "default": _PROBLEM},
        "security": [] if entry.scope is None else [{"token": []}, {"session": []}],
    }
    if entry.scope is not None:
        operation["x-scope"] = str(entry.scope)
    if entry.body is not None:
        operation["requestBody"] = {"required": True, "content": _content(entry.body)}
    return operation


def _parameters(entry: Entry) -> list[dict[str, Any]]:
    parameters: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": _parameter(entry, name)}
        for name in _PARAMETER.findall(entry.path)
    ]
    parameters += [
        {
            "name": query.name,
            "in": "query",
            "required": query.required,
            "schema": query.schema,
            "description": query.text,
        }
        for query in entry.query
    ]
    if entry.method == "POST" and entry.scope is not None and entry.keyed:
        text = "Sent again with the same key, the request is done once and answered alike (24 h)."
        schema = {"type": "string", "minLength": 1, "maxLength": 255}
        parameters.append({"name": "Idempotency-Key", "in": "header", "schema": schema, "description": text})
    return parameters


def _parameter(entry: Entry, name: str) -> Mapping[str, Any]:
    if name == "n":
        return COUNT
    if name == "delivery":
        return DELIVERY_ID
    if entry.path.startswith("/s/"):  # what no link is called shows what no link shows
        return TEXT
    return LINK_ID if entry.path.startswith(f"{API}/links/") else ID


def _answer(entry: Entry) -> dict[str, Any]:
    if not entry.answer.content:
        return {"description": "Done."}
    answer: dict[str, Any] = {"description": entry.summary, "content": _content(entry.answer.content)}
    if entry.answer.leads:
        answer["links"] = {
            name: {"operationId": name, "parameters": {"id": f"$response.body#{pointer}"}}
            for name, pointer in entry.answer.leads.items()
        }
    return answer


def _content(by_media: Mapping[str, str | None]) -> dict[str, Any]:
    return {
        media: {"schema": ref(name) if name is not None else {"type": "string"}}
        for media, name in by_media.items()
    }
