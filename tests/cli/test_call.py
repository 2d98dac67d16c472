from pathlib import Path

import pytest
import typer

from server.cli.call import Call, perform
from server.cli.exits import Exit
from tests.cli.office import Served


def test_a_body_is_given_the_server_and_ends_the_command(online: Served, tmp_path: Path) -> None:
    async def body(call: Call) -> Exit:
        assert (await call.api.get("/account"))["tier"] == "pro"
        return Exit.REFUSED

    with pytest.raises(typer.Exit) as caught:
        perform(body, url=None, data=tmp_path, json=False)
    assert caught.value.exit_code == 1
