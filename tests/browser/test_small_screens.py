"""A phone in the hand, upright and on its side: every panel fits, can be left again, and its action can be reached."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.axe import violations
from tests.browser.conftest import SHARPNESS, OpenPage
from tests.browser.test_everyone import full, panels
from tests.browser.test_office import ready
from tests.processes import ServerProcess

GRAPHICS = False

SIZES = {"portrait": (390, 844), "lying": (844, 390), "small and lying": (667, 375)}
# What is beside the screen; what of the ways out and of the actions cannot be scrolled to and met by a finger; where the keyboard is.
LOOK = r"""
() => {
  const seen = (one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && one.getBoundingClientRect().width > 2;
  const name = (one) => `${one.className} ${one.getAttribute("aria-label") ?? one.innerText ?? ""}`.slice(0, 60);
  const wrong = [];
  if (document.documentElement.scrollWidth > innerWidth) wrong.push(`${document.documentElement.scrollWidth - innerWidth} px too wide`);
  const controls = [...document.querySelectorAll(".panel button, .panel a, .panel input, .panel textarea, .panel select")].filter(seen);
  const sideways = (one) => one.closest(".panel pre, .panel .log, .panel .scroll-x, .panel table") !== null;
  for (const one of controls) {
    const { left, right } = one.getBoundingClientRect();
    if ((left < -1 || right > innerWidth + 1) && !sideways(one)) wrong.push(`beside the screen: ${name(one)}`);
  }
  const out = (one) => /^(office|close|back|batches|queue)$/i.test((one.getAttribute("aria-label") ?? one.textContent ?? "").trim().replace(/ \(.*\)$/, ""));
  const met = (one) => {
    one.scrollIntoView({ block: "center", inline: "nearest" });
    const { left, top, width, height } = one.getBoundingClientRect();
    const over = document.elementFromPoint(left + width / 2, top + height / 2);
    return over !== null && (one.contains(over) || over.contains(one));
  };
  for (const one of controls.filter((each) => out(each) || each.matches(".btn.primary"))) if (!met(one)) wrong.push(`covered: ${name(one)}`);
  const panel = document.querySelector(".panel");
  return { wrong, names: controls.slice(0, 3).map(name), out: controls.some(out), inside: panel?.contains(document.activeElement) ?? false };
}
"""
# A panel that fades in is judged once it is there.
STILL = """
() => document.getAnimations().every((one) => one.playState !== "running" || one.effect.getComputedTiming().iterations === Infinity)
"""


@pytest.mark.parametrize("size", SIZES)
def test_every_panel_fits_can_be_left_and_holds_the_keyboard(
    server: ServerProcess, open_page: OpenPage, size: str
) -> None:
    full(server)
    width, height = SIZES[size]
    phone: dict[str, Any] = {"has_touch": True, "is_mobile": True, "device_scale_factor": SHARPNESS}
    page = open_page(server.office_url, width=width, height=height, reduced_motion="reduce", **phone)
    ready(page)
    page.wait_for_function("() => window.__tendesks.state().office.running > 10")
    found: dict[str, Any] = {}
    for name, open_panel in panels(page).items():
        open_panel()
        page.wait_for_function(STILL)
        if wrong := faults(page, name):
            found[name] = wrong
        for _ in range(3):
            page.keyboard.press("Escape")
    assert found == {}


def faults(page: Page, name: str) -> list[str]:
    """What is wrong with the panel that is open; the sidebar and the list are no panels that one leaves."""
    look = page.evaluate(LOOK)
    wrong = [*look["wrong"], *violations(page)]
    if name in {"sidebar", "list"}:
        return wrong
    if not look["out"]:
        wrong.append(f"no way out is seen among {look['names']}")
    if not look["inside"]:
        wrong.append("the keyboard is elsewhere")
    return wrong
