from pathlib import Path

import pytest
from starlette.requests import Request

from server.routes.static import HASHED, NOT_BUILT, PAGES, TYPES, WebClient
from tests.routes.conftest import Front


@pytest.fixture
def built(front: Front) -> Front:
    assets = front.web / "assets"
    assets.mkdir(parents=True)
    (front.web / "index.html").write_text("<!doctype html><title>Ten Desks</title>")
    (front.web / "mark.svg").write_text("<svg/>")
    for suffix in TYPES:
        (assets / f"file-abc123{suffix}").write_bytes(b"x")
    (assets / "office-abc123.bin").write_bytes(b"\x00\x01")
    (front.settings.data / "server.json").write_text("secret")
    return front


async def test_the_page_is_asked_for_anew_each_time(built: Front) -> None:
    async with built.nobody() as client:
        page = await client.get("/")
        again = await client.get("/", headers={"if-none-match": page.headers["etag"]})
    assert (page.status_code, page.headers["cache-control"]) == (200, "no-cache")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert (again.status_code, again.content) == (304, b"")


async def test_what_has_a_hash_is_kept_for_ever_and_has_a_type(built: Front) -> None:
    async with built.nobody() as client:
        for suffix in (*TYPES, ".bin"):
            name = "office-abc123.bin" if suffix == ".bin" else f"file-abc123{suffix}"
            response = await client.get(f"{HASHED}{name}")
            assert response.status_code == 200
            assert response.headers["cache-control"] == "public, max-age=31536000, immutable"
            assert response.headers["content-type"] == TYPES.get(suffix, "application/octet-stream")


async def test_other_files_are_asked_for_anew(built: Front) -> None:
    async with built.nobody() as client:
        response = await client.get("/mark.svg")
    assert (response.status_code, response.headers["cache-control"]) == (200, "no-cache")


NOT_THERE = ["/nothing", "/assets", "/assets/", "/assets/nothing.js", "/index.html/x", "/api/v1/nothing", "/api/v2/office",
     "/../server.json", "/%2e%2e/server.json", "/assets/..%2f..%2fserver.json", "/assets/%00",
     "/batches", "/S/x"]  # fmt: skip


async def test_everything_else_is_a_404_in_our_own_words(built: Front) -> None:
    async with built.nobody() as client:
        for path in NOT_THERE:
            response = await client.get(path)
            assert (path, response.status_code, response.json()["code"]) == (path, 404, "not_found")


async def test_a_link_out_of_the_folder_is_not_followed(built: Front) -> None:
    (built.web / "assets" / "out.json").symlink_to(built.settings.data / "server.json")
    async with built.nobody() as client:
        assert (await client.get("/assets/out.json")).status_code == 404


async def test_a_page_is_only_read(built: Front) -> None:
    async with built.nobody() as client:
        response = await client.post("/")
        head = await client.head("/")
    assert (response.status_code, response.headers["allow"]) == (405, "GET, HEAD")
    assert head.status_code == 200


async def test_a_server_without_a_page_says_so(front: Front) -> None:
    async with front.nobody() as client:
        response = await client.get("/")
    assert (response.status_code, response.text) == (503, NOT_BUILT)
    assert response.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize("path", ["//server.json", "/\0", "/../server.json", "//"])
def test_no_path_leads_out_of_the_folder(tmp_path: Path, path: str) -> None:
    (tmp_path / "server.json").write_text("secret")
    (tmp_path / "web").mkdir()
    scope = {"type": "http", "method": "GET", "path": path, "headers": []}
    assert WebClient(tmp_path / "web").answer(Request(scope)).status_code == 404


def test_a_folder_that_is_missing_is_no_error(tmp_path: Path) -> None:
    for path in PAGES:
        scope = {"type": "http", "method": "GET", "path": path, "headers": []}
        assert WebClient(tmp_path / "nothing").answer(Request(scope)).status_code == 503
