"""What the tasks of the benchmark do. Inline and async: nothing is measured but the house."""

import asyncio
import random
import time
from typing import Any

TEXT = "x" * 119
RESULT = {"text": TEXT}
"""130 bytes as JSON."""


async def nothing(_input: Any) -> dict[str, str]:
    """Ends at once with a result of 130 bytes."""
    return RESULT


async def moment(_input: Any) -> dict[str, int]:
    """Says when it began, on the clock that all processes of a machine share."""
    return {"began_ns": time.monotonic_ns()}


async def second(_input: Any) -> dict[str, str]:
    """Takes 0.9 to 1.1 s and no processor time."""
    await asyncio.sleep(random.uniform(0.9, 1.1))
    return RESULT


async def fiftieth(_input: Any) -> dict[str, str]:
    """Takes 20 ms and no processor time."""
    await asyncio.sleep(0.02)
    return RESULT


async def hour(_input: Any) -> dict[str, str]:
    """Takes longer than any measurement."""
    await asyncio.sleep(3600)
    return RESULT
