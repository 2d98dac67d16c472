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


async def glimpse(_input: Any) -> dict[str, int]:
    """Says when it began, on the wall clock, and lasts long enough to be seen at a desk."""
    began_ms = time.time_ns() // 1_000_000
    await asyncio.sleep(0.25)
    return {"began_ms": began_ms}


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
