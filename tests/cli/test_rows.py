from pathlib import Path

import orjson
import pytest

from server.cli.rows import KeyedSpool
from server.errors import InvalidInputError
from server.intake.rows import Row

MOST = 1_000


def looked_at(folder: Path, *values: object, field: str = "key") -> list[str]:
    """The keys of a list, whose first row is in line 2."""
    with KeyedSpool(folder, key="key", tasks_max=MOST, input_bytes_max=MOST) as spool:
        spool.take(
            Row(number=number, line=number + 1, fields={field: value}, input=orjson.dumps({field: value}))
            for number, value in enumerate(values, 1)
        )
        spool.finish()
        return list(spool.keys)


def test_keys_are_texts_in_the_order_of_the_list(tmp_path: Path) -> None:
    assert looked_at(tmp_path, "b", "a", 1, [2], "1 ") == ["b", "a", "1", "[2]", "1 "]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (["a", "b", "a"], "got the same in lines 2 and 4"),
        (["a", "a", "a", 1, "1"], "the same in lines 2 and 3, 2 and 4, 5 and 6"),
        (["a", "", " ", None], "nothing in lines 3, 4, 5"),
        (["a", ""], "nothing in line 3"),
        ([""] * 8, "nothing in lines 2, 3, 4, 5, 6, and 3 more"),
        (["a"] * 8, "2 and 3, 2 and 4, 2 and 5, 2 and 6, 2 and 7, and 2 more"),
    ],
)
def test_rows_that_cannot_be_told_apart_are_named(tmp_path: Path, values: list[object], said: str) -> None:
    with pytest.raises(
        InvalidInputError, match=f"^--key key: expected a key of its own in every row.*{said}$"
    ):
        looked_at(tmp_path, *values)


def test_a_key_must_be_a_field(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="--key key: line 2 has no such field, expected one of name"):
        looked_at(tmp_path, "a", field="name")
