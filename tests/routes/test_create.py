from pathlib import Path

from server.routes.create import ENTRIES, WEB, create_routes
from tests.routes.conftest import Front, fronted


async def test_every_path_has_one_route_and_the_last_answers_all_others(front: Front) -> None:
    paths = [route.path for route in front.app.routes]  # type: ignore[attr-defined]
    pages = {"/s/{id}", "/embed/{id}", "/element.js"}
    assert sorted(paths[:-1]) == sorted({entry.path for entry in ENTRIES} | pages)
    assert paths[-1] == "/{path:path}"
    assert WEB.name == "web"
    assert create_routes.__doc__ is not None


async def test_only_local_mode_asks_for_its_own_name(tmp_path: Path) -> None:
    async with fronted(tmp_path) as front:
        assert len(front.app.user_middleware) == 2
    (tmp_path / "hosted").mkdir()
    async with fronted(tmp_path / "hosted", mode="hosted") as front:
        assert len(front.app.user_middleware) == 1
