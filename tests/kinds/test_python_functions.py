import sys
from pathlib import Path

import pytest

from server.errors import InvalidInputError
from server.kinds.python_functions import Function, declared, find
from tests.kinds.python_site import install


def test_functions_are_found_without_importing_them(site: Path) -> None:
    module = {"never_imported.py": "raise SystemExit('imported')"}
    install(site, "a", module, {"one": "never_imported:one"}, {"two": "never_imported:Two.call"})
    functions = declared()
    assert find("one", functions) == Function(
        name="one", module="never_imported", attribute="one", inline=False
    )
    two = find("two", functions)
    assert (two.attribute, two.inline, two.value) == ("Two.call", True, "never_imported:Two.call")
    assert "never_imported" not in sys.modules


def test_declared_in_both_groups_it_is_inline(site: Path) -> None:
    install(site, "a", {}, {"one": "m:one"}, {"one": "m:one"})
    assert find("one", declared()).inline


def test_an_unknown_name_is_told_which_there_are(site: Path) -> None:
    with pytest.raises(
        InvalidInputError, match=r"of which there are none \(entry points of tendesks\.kinds\)"
    ):
        find("one", {})
    install(site, "a", {}, {"one": "m:one", "two": "m:two"})
    with pytest.raises(InvalidInputError, match=r"an installed function \(one, two\), got 'three'"):
        find("three", declared())


def test_of_many_names_some_are_told() -> None:
    functions = {
        f"f{number:02}": (Function(name="f", module="m", attribute="f", inline=False),)
        for number in range(60)
    }
    with pytest.raises(InvalidInputError, match=r"f48, f49 and 10 more\), got 'x'"):
        find("x", functions)


def test_two_packages_with_one_name_are_told_apart_by_nobody(site: Path) -> None:
    install(site, "a", {}, {"one": "a:one"})
    install(site, "b", {}, {"one": "b:one"})
    with pytest.raises(InvalidInputError, match=r"one function named one, got [ab]:one and [ab]:one"):
        find("one", declared())


@pytest.mark.parametrize("value", ["m", "m:", ":f", ""])
def test_a_declaration_names_a_module_and_a_function(site: Path, value: str) -> None:
    install(site, "a", {}, {"one": value})
    with pytest.raises(InvalidInputError, match="expected one to be declared as module:function"):
        find("one", declared())


def test_spaces_and_extras_are_no_part_of_the_names(site: Path) -> None:
    install(site, "a", {}, {"one": "m : f [extra]"})
    assert find("one", declared()).value == "m:f"


@pytest.mark.parametrize("module", ["server", "server.x", "simulation"])
def test_an_inline_function_cannot_live_where_the_server_does(site: Path, module: str) -> None:
    install(site, "a", {}, {"child": f"{module}:f"}, {"inline": f"{module}:f"})
    functions = declared()
    assert find("child", functions).module == module
    with pytest.raises(InvalidInputError, match="not named as one of the server's own"):
        find("inline", functions)
