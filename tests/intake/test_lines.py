import orjson

from server.intake.lines import LineReader


def test_each_line_is_a_task_and_blank_ones_are_none() -> None:
    reader = LineReader(100)
    rows = [*reader.feed("https://a.test \r\n\n  "), *reader.feed("two words\n"), *reader.finish()]
    assert [(row.number, row.line, row.fields) for row in rows] == [
        (1, 1, {"line": "https://a.test"}),
        (2, 3, {"line": "two words"}),
    ]
    assert orjson.loads(rows[0].input) == {"line": "https://a.test"}
