"""What axe-core has to say of a page, whatever page it is."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = Path(__file__).parent.parent.parent / "web" / "node_modules" / "axe-core" / "axe.min.js"


def violations(page: Page) -> list[str]:
    """It is evaluated, not added as a script: the policy of our pages allows nobody's."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [f"{one['id']}: {told(one['nodes'][0])}" for one in found["violations"]]


def told(node: dict[str, Any]) -> str:
    """Which element, and what is wrong with it: colours and their contrast, say."""
    return f"{node['html'][:160]} {' '.join(node['failureSummary'].split())[:400]}"
