"""The web client: the page is asked for anew each time, what carries a hash in its name is kept for ever."""

import stat
from pathlib import Path, PurePosixPath

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from server.routes.envelope import request_id
from server.routes.guard import SAFE
from server.routes.problem import problem
from server.routes.refusals import MethodNotAllowedError, nothing_at

PAGES = frozenset({"/", "/play"})
"""The paths at which the page itself answers; every other unknown path is a 404, so that a wrong link says so."""
HASHED = "/assets/"
# The machine's own table of types differs from one to the next, and nosniff makes a wrong one fatal.
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webp": "image/webp",
    ".ico": "image/vnd.microsoft.icon",
    ".woff2": "font/woff2",
    ".json": "application/json",
    ".txt": "text/plain; charset=utf-8",
    ".glb": "model/gltf-binary",
    ".wasm": "application/wasm",
    ".mp3": "audio/mpeg",
}
NOT_BUILT = """Ten Desks runs, but its page is not built here.

  make build        in a clone builds it (Node 20 or newer)
  tendesks watch    shows the same in a terminal
  /docs             is the HTTP interface
"""


class WebClient:
    """Answers every path that no route has: the page (at `pages`), its files, or a 404 in the words of all other errors."""

    def __init__(self, folder: Path, pages: frozenset[str] = PAGES) -> None:
        self._pages = pages
        self._files = StaticFiles(directory=folder, check_dir=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification."""
        await self.answer(Request(scope, receive))(scope, receive, send)

    def answer(self, request: Request) -> Response:
        """Find the file, or say that there is none."""
        path: str = request.scope["path"]
        found = self._file(request, path)
        if found is None and path in self._pages:
            return PlainTextResponse(NOT_BUILT, 503)
        if found is None:
            return problem(nothing_at(path), request_id(request.scope))
        if request.method not in SAFE:
            error = MethodNotAllowedError(f"expected GET, got {request.method}", allow="GET, HEAD")
            return problem(error, request_id(request.scope))
        return found

    def _file(self, request: Request, path: str) -> Response | None:
        name = "index.html" if path in self._pages else path.removeprefix("/")
        if "\0" in name:
            return None
        full, status = self._files.lookup_path(name)
        if status is None or not stat.S_ISREG(status.st_mode):
            return None
        response = self._files.file_response(full, status, request.scope)
        response.headers["cache-control"] = (
            "public, max-age=31536000, immutable" if path.startswith(HASHED) else "no-cache"
        )
        if response.status_code != 304:
            suffix = PurePosixPath(name).suffix.lower()
            response.headers["content-type"] = TYPES.get(suffix, "application/octet-stream")
        return response
