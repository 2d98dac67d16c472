from pathlib import Path

import pytest

from server.cli.api import Api
from server.cli.exits import RefusedError, UsageError
from server.cli.export import NotWrittenError, check_target, format_of, to_file, to_stdout
from tests.cli.office import FakeOffice, Served, quick_clock

ID = "b1aaaaaaaaaa"


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("a.csv", "csv"),
        ("a.NDJSON", "ndjson"),
        ("a.jsonl", "ndjson"),
        ("a.json", "json"),
        ("a.parquet", "parquet"),
    ],
)
def test_the_name_says_the_format(name: str, shape: str) -> None:
    assert format_of(Path(name)) == shape


@pytest.mark.parametrize("name", ["results", "results.xlsx", "results.csv.gz"])
def test_a_name_that_says_none_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match=r"expected a name that ends in \.csv"):
        format_of(Path(name))


def test_where_nothing_can_be_written_is_told_before_anything_runs(tmp_path: Path) -> None:
    assert check_target(tmp_path / "r.csv") == "csv"
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(UsageError, match="cannot be written here"):
        check_target(tmp_path / "missing" / "r.csv")
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(UsageError, match="is a folder"):
        check_target(tmp_path / "folder.csv")


async def test_no_terminal_is_sent_what_is_no_text(
    office: FakeOffice, server: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    async with Api(server.address, quick_clock()) as api:
        with pytest.raises(UsageError, match="name a file with --to, or pipe it on"):
            await to_stdout(api, ID, "parquet")
    assert office.requests("GET", f"/batches/{ID}/results") == []


async def test_the_file_holds_what_the_server_sent(
    office: FakeOffice, server: Served, tmp_path: Path
) -> None:
    office.results = b"title,text\n" + b"Acme,ok\n" * 50_000
    target = tmp_path / "r.csv"
    target.write_text("old")
    async with Api(server.address, quick_clock()) as api:
        assert await to_file(api, ID, "csv", target) == len(office.results)
    assert target.read_bytes() == office.results
    assert names(tmp_path) == ["r.csv"]
    assert office.requests("GET", f"/batches/{ID}/results")[0].query == {"format": "csv"}


async def test_a_link_stays_a_link(server: Served, tmp_path: Path) -> None:
    (tmp_path / "real.csv").write_text("old")
    (tmp_path / "link.csv").symlink_to("real.csv")
    async with Api(server.address, quick_clock()) as api:
        await to_file(api, ID, "csv", tmp_path / "link.csv")
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").read_text().startswith("title")


async def test_what_was_there_stays_when_the_export_fails(
    office: FakeOffice, server: Served, tmp_path: Path
) -> None:
    office.problems[("GET", f"/batches/{ID}/results")] = [(404, {"detail": "no such batch"})]
    target = tmp_path / "r.csv"
    target.write_text("old")
    async with Api(server.address, quick_clock()) as api:
        with pytest.raises(RefusedError, match="no such batch"):
            await to_file(api, ID, "csv", target)
    assert target.read_text() == "old"
    assert names(tmp_path) == ["r.csv"]


async def test_a_folder_that_is_gone_leaves_the_results_in_the_store(server: Served, tmp_path: Path) -> None:
    async with Api(server.address, quick_clock()) as api:
        with pytest.raises(NotWrittenError, match=f"tendesks results {ID}"):
            await to_file(api, ID, "csv", tmp_path / "gone" / "r.csv")


async def test_standard_output_gets_the_bytes(
    server: Served, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    async with Api(server.address, quick_clock()) as api:
        await to_stdout(api, ID, "csv")
    assert capfdbinary.readouterr().out == b"title,text\nAcme,ok\n"
