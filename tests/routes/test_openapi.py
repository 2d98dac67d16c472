"""The document is complete and points nowhere else; what the server answers has the shapes that it promises."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from server.routes.billingschemas import BILLING_SCHEMAS
from server.routes.create import ENTRIES
from server.routes.openapi import ALL_SCHEMAS, document
from server.routes.peopleschemas import PEOPLE_SCHEMAS
from server.routes.recordings import FILE
from server.routes.schemas import all_of, pages_of, ref, shape, words
from tests.routes.conftest import API, Front

DOCUMENT = document(ENTRIES)


def inside(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for part in value.values():
            yield from inside(part)
    elif isinstance(value, list):
        for part in value:
            yield from inside(part)


def resolve(schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        assert schema["$ref"].startswith("#/components/schemas/")
        schema = ALL_SCHEMAS[schema["$ref"].rpartition("/")[2]]
    return schema


def fits(value: Any, schema: dict[str, Any], where: str = "$") -> None:
    """As much of JSON Schema as ours use; an object must not have more members than are told of."""
    schema = resolve(schema)
    if "oneOf" in schema:
        assert any(is_fitting(value, each) for each in schema["oneOf"]), where
        return
    kinds = {
        "string": str,
        "integer": int,
        "number": int | float,
        "boolean": bool,
        "array": list,
        "object": dict,
    }
    if "type" in schema:
        assert isinstance(value, kinds[schema["type"]]), (where, value)
    if "enum" in schema:
        assert value in schema["enum"], (where, value)
    if "pattern" in schema:
        assert re.search(schema["pattern"], value), (where, value)
    if schema.get("format") == "date-time":
        assert datetime.fromisoformat(value).utcoffset() is not None, where
    if "minimum" in schema:
        assert value >= schema["minimum"], (where, value)
    for item in value if isinstance(value, list) else []:
        fits(item, schema.get("items", {}), f"{where}[]")
    if "properties" in schema:
        assert set(schema["required"]) <= set(value) <= set(schema["properties"]), (where, sorted(value))
        for name, member in value.items():
            fits(member, schema["properties"][name], f"{where}.{name}")


def is_fitting(value: Any, schema: dict[str, Any]) -> bool:
    try:
        fits(value, schema)
    except AssertionError:
        return False
    return True


def test_it_is_an_openapi_document_of_every_route() -> None:
    assert DOCUMENT["openapi"] == "3.1.0"
    told = {(method.upper(), path) for path, methods in DOCUMENT["paths"].items() for method in methods}
    assert told == {(entry.method, entry.path) for entry in ENTRIES}
    assert document(ENTRIES) == DOCUMENT


def test_it_points_nowhere_else() -> None:
    for part in inside(DOCUMENT):
        if "$ref" in part:
            resolve(part)
    used = {part["$ref"].rpartition("/")[2] for part in inside(DOCUMENT) if "$ref" in part}
    assert used == set(ALL_SCHEMAS), "a schema that nothing uses tells a lie sooner or later"


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: str(entry.name))
def test_every_operation_is_told_of_completely(entry: Any) -> None:
    operation = DOCUMENT["paths"][entry.path][entry.method.lower()]
    placed = [parameter["name"] for parameter in operation["parameters"] if parameter["in"] == "path"]
    assert placed == re.findall(r"{(\w+)}", entry.path)
    assert str(entry.answer.status) in operation["responses"]
    assert operation["responses"]["default"]["content"]["application/problem+json"]
    assert bool(operation["security"]) == (entry.scope is not None)
    assert operation["summary"].endswith((".", "503."))
    keyed = any(parameter["name"] == "Idempotency-Key" for parameter in operation["parameters"])
    assert keyed == (entry.method == "POST" and entry.scope is not None and entry.keyed)


def test_schemas_are_built_from_small_parts() -> None:
    assert ref("Batch") == {"$ref": "#/components/schemas/Batch"}
    assert shape({"a": {}}, b={})["required"] == ["a"]
    assert "next" not in pages_of("Batch")["required"]
    assert "next" not in all_of("Batch")["properties"]
    assert words(["x"]) == {"type": "string", "enum": ["x"]}


async def answers_to_leases(front: Front) -> dict[str, Any]:
    """The answers that a runner of the user's own gets."""
    await front.ask("POST", "/batches", json={"kind": "external", "tasks": [{"input": {"a": 1}}]})
    leases = (await front.ask("POST", "/leases", json={"max": 1})).json()
    path, token = f"/executions/{leases[0]['execution']}", {"token": leases[0]["token"]}
    renewed = (await front.ask("POST", f"{path}/progress", json=token)).json()
    ended = (await front.ask("POST", f"{path}/complete", json=token)).json()
    return {"Leases": leases, "LeaseRenewed": renewed, "LeaseEnded": ended}


async def answers_to_recordings(front: Front) -> dict[str, Any]:
    """A session of some minutes, and what is in it."""
    await front.clock.advance(120_000)
    listed = await front.get("/recordings")
    shown = await front.get(f"/recordings/{listed['items'][0]['id']}")
    parts = {"Segment": shown["segments"][0], "Marker": shown["markers"][0]}
    file = (await front.ask("GET", f"/recordings/{shown['id']}/file")).content
    sent = await front.ask("POST", "/recordings", content=file, headers={"content-type": FILE})
    parts["ArrivedRecording"] = sent.json()
    path = f"/recordings/{shown['id']}/exports"
    parts["Export"] = (await front.ask("POST", path, json={"format": "gif"})).json()
    return {"Recordings": listed, "Recording": shown, **parts}


async def answers_to_links(front: Front) -> dict[str, Any]:
    """A link with all that may be said of one."""
    recording = (await front.get("/recordings"))["items"][0]
    members = {
        "label": "Wall", "recording": recording["id"], "from": recording["started"], "to": "2027-01-01T00:00:00Z",
        "origins": ["https://a.example"],
    }  # fmt: skip
    made = (await front.ask("POST", "/links", json=members)).json()
    secret = {"id": made["id"], "secret": made["url"].partition("#")[2]}
    async with front.nobody() as client:
        grant = (await client.post(f"{API}/links/exchange", json=secret)).json()
    rotated = (await front.ask("POST", f"/links/{made['id']}/rotate", json={"grace": 5})).json()
    await front.ask("DELETE", f"/links/{made['id']}")
    listed = await front.get("/links")
    return {
        "MadeLink": made,
        "Grant": grant,
        "RotatedLink": rotated,
        "Links": listed,
        "Link": listed["items"][0],
    }


async def answers_to_keys(front: Front) -> dict[str, Any]:
    """An own key, whose provider is not there, and how far its master key is."""
    body = {"key": "sk-0123456789abcdef", "base": "http://127.0.0.1:1/v1"}
    made = (await front.ask("PUT", "/keys/mine", json=body)).json()
    return {"Key": made, "Keys": await front.get("/keys"), "KeyRotation": await front.get("/keys/rotation")}


async def answers_to_webhooks(front: Front) -> dict[str, Any]:
    """An address, and a delivery that waits for it."""
    made = (await front.ask("POST", "/webhooks", json={"url": "http://127.0.0.1:9/", "label": "Mine"})).json()
    path = f"/webhooks/{made['id']}"
    ping = (await front.ask("POST", f"{path}/ping")).json()
    return {
        "MadeWebhook": made,
        "WebhookSecret": (await front.ask("POST", f"{path}/rotate")).json(),
        "Webhook": (await front.ask("PATCH", path, json={"enabled": False})).json(),
        "Webhooks": await front.get("/webhooks"),
        "Delivery": ping,
        "Deliveries": await front.get(f"{path}/deliveries"),
    }


async def answers(front: Front) -> dict[str, Any]:
    """An answer of every kind, by the name of its schema."""
    front.record()
    leases = await answers_to_leases(front)
    webhooks = await answers_to_webhooks(front)
    body = {"kind": "demo", "params": {"seconds": 1}, "tasks": [{"input": {"a": 1}, "key": "k"}] * 12}
    made = (await front.ask("POST", "/batches", json=body)).json()
    await front.clock.advance(1_000)
    paths = {
        "Batch": f"/batches/{made['id']}", "Batches": "/batches?limit=1", "Tasks": "/tasks", "Office": "/office",
        "Results": f"/batches/{made['id']}/results", "Estimates": "/estimate?tasks=100", "Tiers": "/tiers",
        "Estimate": "/estimate?tasks=100&tier=free", "Account": "/account", "Usage": "/usage", "Kinds": "/kinds",
    }  # fmt: skip
    found = {name: await front.get(path) for name, path in paths.items()}
    task = found["Tasks"]["items"][0]
    found["Task"] = task
    found |= await answers_to_recordings(front)
    found["BatchFigures"] = await front.get(f"/batches/{made['id']}/figures")
    found |= await answers_to_keys(front)
    found["Log"] = await front.get(f"/executions/{task['executions'][0]['id']}/log")
    found |= leases | webhooks | await answers_to_links(front)
    found["Problem"] = (await front.ask("GET", "/batches/nothing1")).json()
    async with front.nobody() as client:
        found |= {
            "Live": (await client.get("/healthz")).json(),
            "Ready": (await client.get("/readyz")).json(),
        }
    return {**found, "MadeBatch": made}


async def test_what_is_answered_has_the_shape_that_was_promised(front: Front) -> None:
    found = await answers(front)
    for name, value in found.items():
        fits(value, ref(name), name)
    untold = set(ALL_SCHEMAS) - set(PEOPLE_SCHEMAS) - set(BILLING_SCHEMAS) - set(found)
    # of people: see test_people.py, of billing: test_billing.py
    assert untold == {
        "NewTask", "NewBatch", "BatchPatch", "AccountPatch",  # what is sent
        "LeaseOrder", "LeaseProgress", "LeaseResult", "LeaseFailure", "NewLink", "Rotation", "LinkSecret", "NewKey", "NewExport",
        "NewWebhook", "WebhookPatch",
        "Execution", "Lease", "Result", "Tier", "Kind", "Document",  # parts of others
    }  # fmt: skip


async def test_it_is_served(front: Front) -> None:
    async with front.nobody() as client:
        response = await client.get("/openapi.json")
        head = await client.head("/openapi.json")
    assert response.json() == DOCUMENT
    assert (head.status_code, response.headers["content-type"]) == (200, "application/json")
    assert API in response.text
