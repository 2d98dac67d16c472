"""One request for a chat completion as it will be sent, whoever is asked."""

from dataclasses import dataclass, field

from server.kinds.chat_asking import Asking
from server.kinds.chat_means import Means
from server.kinds.contract import Context


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """`prompt` is about how many tokens it is long, `expected` how many its answer will have, where that is foreseen."""

    body: bytes = field(repr=False)
    prompt: int
    expected: int | None
    bytes_max: int

    @property
    def tokens(self) -> int:
        """About how many tokens the request and its answer will take."""
        return self.prompt + (self.expected or 0)

    def by(self, means: Means, context: Context, tokens_max: int | None) -> Asking:
        """Make ready to ask; `tokens_max`: the answer may have no more of them."""
        return Asking(
            client=means.client, provider=means.provider, context=context, body=self.body, bytes_max=self.bytes_max,
            tokens_max=tokens_max,
        )  # fmt: skip
