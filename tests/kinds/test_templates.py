import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.errors import InvalidInputError
from server.kinds import templates

NAMES = st.text(st.characters(exclude_characters="{}", exclude_categories=["Cs"]), min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("template", "filled"),
    [
        ("{name}", "Acme & Söhne; rm -rf /"),
        ("--name={name}!", "--name=Acme & Söhne; rm -rf /!"),
        ("{{name}}", "{name}"),
        ("{{{name}}}", "{Acme & Söhne; rm -rf /}"),
        ("{Company name}", "Acme"),
        ("{count}/{share}/{none}/{yes}", "3/1.5/null/true"),
        ("{list}", '["ä",{"b":1}]'),
        ("{braces}", "{name}}"),
        ("", ""),
    ],
)
def test_fill(template: str, filled: str) -> None:
    values = {
        "name": "Acme & Söhne; rm -rf /",
        "Company name": "Acme",
        "count": 3,
        "share": 1.5,
        "none": None,
        "yes": True,
        "list": ["ä", {"b": 1}],
        "braces": "{name}}",
    }
    assert templates.fill(template, values) == filled


def test_an_unknown_field_is_named_with_the_known_ones() -> None:
    with pytest.raises(InvalidInputError) as caught:
        templates.check("{nmae}", ["url", "name"])
    assert "{nmae}" in caught.value.detail
    assert "name, url" in caught.value.detail
    assert caught.value.extra == {"field": "nmae", "known": ["name", "url"]}


@pytest.mark.parametrize("template", ["{", "}", "a { b", "{name}}", "{na{me}", "{}", "awk {print $1}"])
def test_what_is_neither_a_field_nor_a_brace_is_refused(template: str) -> None:
    with pytest.raises(InvalidInputError):
        templates.check(template, ["name"])


def test_a_lone_brace_is_told_with_its_place() -> None:
    with pytest.raises(InvalidInputError, match="at character 3 of 'ab}', got a single }"):
        templates.fields_in("ab}")


def test_fields_come_in_order() -> None:
    assert templates.fields_in("{b} {{c}} {a}{b}") == ("b", "a", "b")


@settings(deadline=None)
@given(st.lists(st.tuples(st.text(st.characters(exclude_categories=["Cs"])), NAMES)), st.data())
def test_any_text_survives_and_values_are_never_read_again(
    parts: list[tuple[str, str]], data: st.DataObject
) -> None:
    values = {name: data.draw(st.text(st.characters(exclude_categories=["Cs"]))) for _, name in parts}
    template = "".join(text.replace("{", "{{").replace("}", "}}") + "{" + name + "}" for text, name in parts)
    assert templates.fill(template, values) == "".join(text + values[name] for text, name in parts)
