import json
from pathlib import Path

import pytest

from server.cli.export import FORMATS
from server.cli.results import Shape
from tests.cli.conftest import Command
from tests.cli.office import FakeOffice, Served, batch

PATH = "/batches/b1aaaaaaaaaa/results"


def test_results_go_to_standard_output(tendesks: Command, office: FakeOffice, online: Served) -> None:
    office.listed = [batch()]
    assert tendesks("results", "b1").stdout == "title,text\nAcme,ok\n"
    tendesks("results", "b1", "--json")
    assert [asked.query["format"] for asked in office.requests("GET", PATH)] == ["csv", "json"]


@pytest.mark.parametrize("shape", Shape)
def test_every_format_can_be_asked_for(
    tendesks: Command, office: FakeOffice, online: Served, shape: Shape
) -> None:
    office.listed = [batch()]
    tendesks("results", "b1", "--format", shape.value)
    assert office.requests("GET", PATH)[0].query["format"] == shape.value


def test_a_file_can_have_the_name_of_every_format() -> None:
    assert {shape.value for shape in Shape} == set(FORMATS.values())


def test_results_go_to_a_file_in_the_format_of_its_name(
    tendesks: Command, office: FakeOffice, online: Served, tmp_path: Path
) -> None:
    office.listed = [batch()]
    target = tmp_path / "r.json"
    assert "19 bytes" in tendesks("results", "companies.csv", "--to", str(target)).stdout
    assert target.read_bytes() == office.results
    said = json.loads(tendesks("results", "b1", "--format", "csv", "--to", str(target), "--json").stdout)
    assert said == {"batch": "b1aaaaaaaaaa", "to": str(target), "format": "csv", "bytes": 19}
    assert [asked.query["format"] for asked in office.requests("GET", PATH)] == ["json", "csv"]


def test_a_name_without_a_format_is_a_wrong_command_line(tendesks: Command, tmp_path: Path) -> None:
    assert tendesks("results", "b1", "--to", str(tmp_path / "r")).exit_code == 2
