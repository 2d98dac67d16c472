import pytest

from server.gateway.close import REASONS, Close, End, reason_bytes_max


def test_every_code_has_a_reason_that_fits() -> None:
    assert set(REASONS) == set(Close)
    assert all(len(reason.encode()) <= reason_bytes_max for reason in REASONS.values())


def test_the_codes_are_those_of_the_interface() -> None:
    assert {close.value for close in Close} == {4400, 4401, 4403, 4404, 4408, 4409, 4429, 1011, 1012}


def test_an_end_without_a_detail_gives_the_reason_of_the_table() -> None:
    assert End(close=Close.TOO_SLOW).reason == "too slow"


@pytest.mark.parametrize("char", ["x", "é", "漢", "😀"])
def test_a_long_detail_is_cut_between_characters(char: str) -> None:
    reason = End(close=Close.BAD_MESSAGE, detail=char * 200).reason
    size = len(reason.encode())
    assert set(reason) == {char}
    assert reason_bytes_max - len(char.encode()) < size <= reason_bytes_max
