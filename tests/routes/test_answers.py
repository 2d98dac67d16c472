from server.routes.answers import JsonAnswer, nothing, present


def test_what_is_none_is_absent_and_what_is_empty_is_not() -> None:
    assert present(a=None, b=0, c="", d=[], e=False) == {"b": 0, "c": "", "d": [], "e": False}


def test_answers_are_kept_by_nobody() -> None:
    answer = JsonAnswer({"é": 1}, 201)
    assert (answer.status_code, answer.body, answer.media_type) == (
        201,
        '{"é":1}'.encode(),
        "application/json",
    )
    assert answer.headers["cache-control"] == nothing().headers["cache-control"] == "no-store"
    assert nothing().status_code == 204
