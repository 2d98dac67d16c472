"""What the tests of the runner share: a Report that keeps what it is told."""

from typing import Any

from server.model import Outcome, RateFacts


class Reports:
    def __init__(self, *turns: int | None) -> None:
        self.told: list[tuple[Any, ...]] = []
        self.turns = list(turns)

    def progressed(
        self, execution: str, fence: int, permille: int | None, remaining_ms: int | None, note: str | None
    ) -> None:
        self.told.append(("progressed", execution, fence, permille, remaining_ms, note))

    def waiting(self, execution: str, fence: int, until_ms: int | None) -> None:
        self.told.append(("waiting", execution, fence, until_ms))

    def reserve(self, execution: str, fence: int, key: str, tokens: int) -> int | None:
        self.told.append(("reserve", execution, fence, key, tokens))
        return self.turns.pop(0) if self.turns else 0

    def learned(self, execution: str, fence: int, key: str, facts: RateFacts) -> None:
        self.told.append(("learned", execution, fence, key, facts))

    def ended(self, execution: str, fence: int, outcome: Outcome) -> None:
        self.told.append(("ended", execution, fence, outcome))

    def ends(self, execution: str) -> list[Outcome]:
        return [entry[3] for entry in self.told if entry[:2] == ("ended", execution)]
