import json
from pathlib import Path

from tests.cli.conftest import Command
from tests.cli.office import FakeOffice, Served, batch

PATH = "/batches/b1aaaaaaaaaa/results"


def test_results_go_to_standard_output(tendesks: Command, office: FakeOffice, online: Served) -> None:
    office.listed = [batch()]
    assert tendesks("results", "b1").stdout == "title,text\nAcme,ok\n"
    tendesks("results", "b1", "--format", "ndjson")
    tendesks("results", "b1", "--json")
    assert [asked.query["format"] for asked in office.requests("GET", PATH)] == ["csv", "ndjson", "json"]


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
