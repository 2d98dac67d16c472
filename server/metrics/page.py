"""The one page of the metrics' port: GET /metrics."""

from typing import Any

from prometheus_client.exposition import choose_encoder
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.metrics.collector import registry
from server.metrics.table import Sources

scrapes_max = 16
"""So many connections at once; whoever comes beyond it is told 503."""


def metrics_app(sources: Sources) -> Starlette:
    """Tell what is counted in Prometheus' text format, or in that of OpenMetrics if it is asked for."""
    known = registry(sources)

    async def metrics(request: Request) -> Response:
        encode, content_type = choose_encoder(request.headers.get("accept", ""))
        return Response(encode(known), headers={"content-type": content_type, "cache-control": "no-store"})

    return Starlette(routes=[Route("/metrics", metrics)])


def metrics_options() -> dict[str, Any]:
    """What the port needs of `uvicorn.Config`, as keyword arguments."""
    return {
        "ws": "none",
        "lifespan": "off",
        "limit_concurrency": scrapes_max,
        "timeout_graceful_shutdown": 1,
        "server_header": False,
        "access_log": False,
        "log_level": "warning",
    }
