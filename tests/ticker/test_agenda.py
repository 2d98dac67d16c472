from hypothesis import given
from hypothesis import strategies as st

from server.ticker.agenda import Agenda

names = st.sampled_from("abcde")
moments = st.integers(0, 50)


def test_the_office_that_is_due_longest_comes_first_and_only_once() -> None:
    agenda = Agenda()
    agenda.put("late", 30)
    agenda.put("early", 10)
    assert agenda.next_ms() == 10
    assert [agenda.take(30), agenda.take(30), agenda.take(30)] == ["early", "late", None]


def test_nothing_is_taken_before_its_moment() -> None:
    agenda = Agenda()
    agenda.put("one", 10)
    assert agenda.take(9) is None
    assert agenda.take(10) == "one"


@given(st.lists(st.tuples(st.sampled_from(["put", "drop", "take"]), names, moments)))
def test_it_agrees_with_a_plain_table(steps: list[tuple[str, str, int]]) -> None:
    agenda, table = Agenda(), dict[str, int]()
    for what, name, moment in steps:
        if what == "put":
            agenda.put(name, moment)
            table[name] = min(moment, table.get(name, moment))
        elif what == "drop":
            agenda.drop(name)
            table.pop(name, None)
        else:
            due = {other for other, at in table.items() if at == min(table.values()) and at <= moment}
            taken = agenda.take(moment)
            assert taken in due if due else taken is None
            table.pop(taken or "", None)
        assert agenda.next_ms() == min(table.values(), default=None)
        assert len(agenda) == len(table)


def test_moving_an_office_a_thousand_times_keeps_no_thousand_entries() -> None:
    agenda = Agenda()
    for moment in range(1000, 0, -1):
        agenda.put("one", moment)
    assert len(agenda._heap) <= 68
    assert agenda.take(1) == "one"
