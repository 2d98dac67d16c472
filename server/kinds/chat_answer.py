"""An answer of a chat as it comes, piece by piece, and what can be known of it on the way. Pure."""

import math
from collections.abc import Mapping
from typing import Any

from server.errors import LimitExceededError, UnavailableError
from server.kinds.chat_params import CHARACTERS_A_TOKEN


class Answer:
    """Collects the chunks of one completion. `complete`: the model has said that it has ended, and why (`finish`)."""

    def __init__(self, bytes_max: int, tokens_max: int | None = None) -> None:
        self._bytes_max = bytes_max
        self._tokens_max = tokens_max
        self._bytes = 0
        self._pieces: list[str] = []
        self._refusals: list[str] = []
        self._characters = 0
        self._deltas = 0
        self.thinking = False
        self.finish: str | None = None
        self.model: str | None = None
        self.usage: Mapping[str, Any] = {}

    @property
    def text(self) -> str:
        """What has come so far."""
        return "".join(self._pieces)

    @property
    def refusal(self) -> str:
        """In which words the model said that it would not answer; none: it did not."""
        return "".join(self._refusals)

    @property
    def complete(self) -> bool:
        """Whether nothing is missing of the answer."""
        return self.finish is not None

    @property
    def tokens(self) -> int:
        """About how many tokens have come, thoughts included.

        Most providers send each token by itself; of those who send several at once the characters say how many.
        """
        return max(self._deltas, math.ceil(self._characters / CHARACTERS_A_TOKEN))

    def end(self) -> None:
        """The stream says that it is over: of some providers that is all that tells of the end."""
        if self.finish is None and self._characters:
            self.finish = "stop"

    def feed(self, chunk: Any) -> str:
        """Take a chunk of a stream, or a whole completion, and return what text it adds.

        Raises:
            UnavailableError: it is neither.
            LimitExceededError: the answer has become too large.
        """
        if not isinstance(chunk, dict) or not isinstance(chunk.get("choices", []), list):
            raise UnavailableError("expected a chat completion from the provider, got something else")
        if isinstance(chunk.get("usage"), dict):
            self.usage = chunk["usage"]
        if isinstance(chunk.get("model"), str):
            self.model = chunk["model"] or self.model
        return "".join(self._choice(choice) for choice in chunk.get("choices", [])[:1])

    def _choice(self, choice: Any) -> str:
        if not isinstance(choice, dict):
            raise UnavailableError(
                "expected a choice of a chat completion from the provider, got something else"
            )
        delta = choice.get("delta") or choice.get("message") or {}
        finish = choice.get("finish_reason")
        if isinstance(finish, str) and finish:
            self.finish = finish
        return self._delta(delta) if isinstance(delta, dict) else ""

    def _delta(self, delta: Mapping[str, Any]) -> str:
        text = _text(delta.get("content"))
        thought = _text(delta.get("reasoning_content")) or _text(delta.get("reasoning"))
        refusal = _text(delta.get("refusal"))
        if text or thought or refusal:
            self._deltas += 1
            self._characters += len(text) + len(thought) + len(refusal)
            self.thinking = bool(thought) and not text
        if self._tokens_max is not None and self.tokens > self._tokens_max:
            raise LimitExceededError(
                f"expected an answer of at most {max(0, self._tokens_max):,} tokens (chat_tokens_task of the plan), got more"
            )
        self._bytes += len(text.encode("utf-8", "replace")) + len(refusal)
        if self._bytes > self._bytes_max:
            raise LimitExceededError(
                f"expected an answer of at most {self._bytes_max:,} bytes (result_bytes_max), got more"
            )
        self._pieces.append(text)
        self._refusals.append(refusal)
        return text


def _text(value: Any) -> str:
    """Content is a text, or a list of parts of which some are."""
    if isinstance(value, str):
        return value
    if not isinstance(value, list):
        return ""
    parts = (part.get("text") for part in value if isinstance(part, dict))
    return "".join(text for text in parts if isinstance(text, str))
