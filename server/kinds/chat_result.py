"""The result of a chat: the answer, and beside it what it took. Pure.

Without a schema `{"text": …}`, with one the answer's own fields (an answer that is no object is the field `answer`),
then `input_tokens`, `output_tokens` and `cost` in dollars, each where it is known; `cut` is true where the answer is
not whole. All of it is one level deep, so that each is a column of an export. A field of the answer keeps its name:
where one is called so too, ours is `usage_cost` and the like.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from server.errors import LimitExceededError
from server.settings import Price

_FENCED = re.compile(r"\s*```[a-zA-Z]*\s*\n(?P<inside>.*)\n\s*```\s*", re.DOTALL)
_COST_DIGITS = 9
_MILLION = 1_000_000
_COUNT_MAX = 1 << 53


@dataclass(frozen=True, kw_only=True, slots=True)
class Usage:
    """What an answer took, as far as the provider said it: tokens, and dollars."""

    input: int | None = None
    output: int | None = None
    cost: float | None = None

    @property
    def total(self) -> int:
        """All its tokens; 0 where the provider said nothing of them."""
        return (self.input or 0) + (self.output or 0)


def usage_of(said: Mapping[str, Any], price: Price | None) -> Usage:
    """Read the provider's `usage`. Its own `cost` counts; else the price, if there is one and both counts are there."""
    given, made = _count(said.get("prompt_tokens")), _count(said.get("completion_tokens"))
    details = said.get("prompt_tokens_details")
    cached = _count(details.get("cached_tokens")) if isinstance(details, dict) else None
    cost = said.get("cost")
    if not isinstance(cost, int | float) or isinstance(cost, bool) or not 0 <= cost < _COUNT_MAX:
        cost = None
    if cost is None and price is not None and given is not None and made is not None:
        cost = _cost(price, given, min(cached or 0, given), made)
    return Usage(input=given, output=made, cost=None if cost is None else round(float(cost), _COST_DIGITS))


def value_of(text: str) -> Any:
    """Read an answer that should be JSON; some models put a fence around it.

    Raises:
        ValueError: it is none.
    """
    fenced = _FENCED.fullmatch(text)
    return orjson.loads((fenced["inside"] if fenced else text).encode("utf-8", "replace"))


def result_of(fields: Mapping[str, Any], usage: Usage, *, cut: bool, bytes_max: int) -> bytes:
    """Put the answer's fields and what it took together.

    Raises:
        LimitExceededError: it is too large.
    """
    result = dict(fields)
    told = {
        "input_tokens": usage.input,
        "output_tokens": usage.output,
        "cost": usage.cost,
        "cut": cut or None,
    }
    for name, value in told.items():
        if value is not None:
            result[_free(name, fields)] = value
    data = orjson.dumps(result)
    if len(data) > bytes_max:
        raise LimitExceededError(
            f"expected a result of at most {bytes_max:,} bytes (result_bytes_max), got {len(data):,}"
        )
    return data


def text_fields(text: str) -> dict[str, Any]:
    """An answer as text; NUL and halves of characters, which no column holds, are dropped."""
    return {"text": text.encode("utf-8", "ignore").decode().replace("\x00", "")}


def value_fields(value: Any) -> dict[str, Any]:
    """An answer by a schema."""
    return value if isinstance(value, dict) else {"answer": value}


def words_of(usage: Usage) -> str:
    """Say what it took: `120 tokens in, 340 out, $0.0012`; nothing where nothing is known."""
    counts = [
        f"{count:,} {words}"
        for count, words in ((usage.input, "tokens in"), (usage.output, "tokens out"))
        if count is not None
    ]
    if usage.cost is not None:
        counts.append(f"${usage.cost:.6f}".rstrip("0").rstrip("."))
    return ", ".join(counts)


def _cost(price: Price, given: int, cached: int, made: int) -> float:
    cached_price = price.input if price.cached is None else price.cached
    return ((given - cached) * price.input + cached * cached_price + made * price.output) / _MILLION


def _count(value: Any) -> int | None:
    sound = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _COUNT_MAX
    return value if sound else None


def _free(name: str, taken: Mapping[str, Any]) -> str:
    while name in taken:
        name = f"usage_{name}"
    return name
