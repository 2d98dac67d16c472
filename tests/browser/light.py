"""How light a page is on the machine that shows it: counts of its renderer, renders a second, what frames take and leave behind."""

import gzip
from statistics import median
from typing import Any

from playwright.sync_api import CDPSession, Page, Response

SMALL = {"width": 640, "height": 400}
"""A window that a processor draws quickly."""

COUNTS = """
() => {
  const { stage, now } = window.__tendesks;
  stage().renderAt(now());
  return stage().counts();
}
"""
LIGHT = """
(night) => window.__tendesks.stage().light(night ? 22 : 10.5)
"""
# Everybody at work, at rest, asleep, cheering, slumped; upstairs too; by day and by night: what they take at most.
# The light is changed on the stage alone, and set back.
WORST = """
(nightNow) => {
  const lit = LIGHT;
  const { stage, now, state } = window.__tendesks;
  const [shown, at] = [stage(), Math.floor(now())];
  const base = state();
  const all = (parts) => Object.fromEntries(
    Object.entries(base.desks).map(([key, desk], index) => {
      const { worker } = desk;
      return [key, { worker, since: at - 800, batch: "b", ...parts(index) }];
    }),
  );
  const states = [
    all(() => ({ activity: "working", title: "Acme Optics", execution: "x", progress: [at, 400, 9000, 1] })),
    all(() => ({ activity: "done", execution: "x" })),
    all(() => ({ activity: "failed", reason: "timeout", execution: "x" })),
    all(() => ({ activity: "off" })),
    all(() => ({ activity: "idle" })),
    all((index) => ({ activity: ["working", "done", "off", "idle", "failed", "waiting"][index % 6] })),
  ];
  const batches = { b: { name: "Company research", state: "running", total: 99, done: 40, failed: 1, running: 10, order: 0 } };
  const most = { calls: 0, triangles: 0, programs: 0, geometries: 0, textures: 0 };
  for (const night of [false, true]) {
    lit(night);
    for (const desks of states) {
      const made = { ...base, desks, batches, overflow: { count: 27, shown: {} }, queue: { waiting: 400, perhour: 90 } };
      shown.show([{ at: at - 800, state: made }]);
      shown.renderAt(at);
      const counts = shown.counts();
      for (const name of Object.keys(most)) most[name] = Math.max(most[name], counts[name]);
    }
  }
  lit(nightNow);
  shown.show(window.__tendesks.course());
  return most;
}
""".replace("LIGHT", LIGHT)
# A state of the ten desks, upstairs and the light; the state begins six seconds ago, and what changes with it is over.
POSED = """
([desk, over, night]) => {
  const { stage, now, state } = window.__tendesks;
  const at = Math.floor(now());
  const base = state();
  const parts = DESK;
  const desks = Object.fromEntries(Object.entries(base.desks).map(([key, { worker }], index) => [
    key, { worker, since: at - 5000, batch: "b", ...parts(index, at)[desk] },
  ]));
  const batches = { b: { name: "Company research", state: "running", total: 99, done: 40, failed: 1, running: 10, order: 0 } };
  const shown = over ? Object.fromEntries([1, 2, 3, 4, 5, 6].map((n) => [`up-${n}`, { title: "Acme Optics", since: at - n * 100 }])) : {};
  const made = { ...base, desks, batches, overflow: { count: over ? 27 : 0, shown } };
  const shownStage = stage();
  (LIGHT)(night);
  shownStage.show([{ at: at - 6000, state: made }]);
  return at;
}
""".replace("LIGHT", LIGHT.strip()).replace(
    "DESK",
    """(index, at) => ({
    mixed: index === 3
      ? { activity: "idle", path: [`desk-${index}`, "coffee-1", at - 1000, at + 900000] }
      : { activity: ["working", "waiting", "idle", "off", "failed"][index % 5], until: at + 90000 },
    working: { activity: "working", title: "Acme Optics", progress: [at, 400, 900000, 1], note: ["reading", "calling", ""][index % 3] },
    walking: { activity: "idle", path: [`desk-${index}`, "coffee-1", at - 1000, at + 900000] },
    waiting: { activity: "waiting", until: at + 90000 },
    idle: { activity: "idle" },
    cheering: { activity: "done", since: at },
  })""",
)
STATES: dict[str, tuple[str, bool, bool]] = {
    "mixed": ("mixed", False, False),
    "busy by day": ("working", False, False),
    "overflow by night": ("working", True, True),
    "all walk": ("walking", False, False),
    "all wait": ("waiting", False, False),
    "all rest": ("idle", False, False),
    "all cheer": ("cheering", False, False),
}
"""What the desks do, whether somebody works upstairs, whether it is night."""
MANY = """
([from, frames]) => {
  const { stage } = window.__tendesks;
  const shown = stage();
  const costs = [];
  for (let frame = 0; frame < frames; frame += 1) costs.push(shown.renderAt(from + frame * 17));
  return costs;
}
"""
UPDATES = """
([from, frames, rounds]) => {
  const shown = window.__tendesks.stage();
  for (let frame = 0; frame < frames; frame += 1) shown.updateAt(from + (frame % rounds) * 17);
}
"""
RATE = """
(ms) => new Promise((done) => {
  const { stage } = window.__tendesks;
  const [began, first] = [performance.now(), stage().counts().renders];
  let screens = 0;
  const tick = () => { screens += 1; requestAnimationFrame(tick); };
  requestAnimationFrame(tick);
  setTimeout(() => done([stage().counts().renders - first, screens, performance.now() - began]), ms);
})
"""
BARE_RATE = """
(ms) => new Promise((done) => {
  const { stage } = window.__tendesks;
  const first = stage().counts().renders;
  setTimeout(() => done(stage().counts().renders - first), ms);
})
"""
LOSE = """
() => {
  const context = document.querySelector(".room canvas").getContext("webgl2");
  window.lost = context.getExtension("WEBGL_lose_context");
  window.lost.loseContext();
}
"""
SOCKETS = """
window.opened = 0;
window.WebSocket = class extends WebSocket {
  constructor(...given) { super(...given); window.opened += 1; window.socket = this; }
};
"""
"""Keeps hold of the page's own socket, so that it can be cut; of earlier ones only the number, for they are to be forgotten."""


def whole(page: Page) -> None:
    """Wait until the models are there and drawn: before that there are a few plain boxes."""
    page.wait_for_function("() => window.__tendesks?.stage() !== undefined", timeout=120_000)
    page.wait_for_function("() => window.__tendesks.state() !== undefined", timeout=120_000)
    page.wait_for_function(
        "() => { const s = window.__tendesks.stage(); s.renderAt(window.__tendesks.now()); return s.counts().triangles > 20000; }",
        timeout=120_000,
    )


def counts(page: Page) -> dict[str, int]:
    """What a render of this very moment takes, and what lives on the graphics card."""
    return dict(page.evaluate(COUNTS))


def worst(page: Page) -> dict[str, int]:
    """The most that any state takes, by day or by night."""
    return dict(page.evaluate(WORST, False))


def costs_ms(page: Page, frames: int) -> tuple[float, float]:
    """What a frame takes in JavaScript, in milliseconds in the middle: of moving everything, of handing it to the graphics card."""
    at = page.evaluate(POSED, list(STATES["mixed"]))
    page.evaluate(MANY, [at, frames // 4])  # what runs for the first time is compiled first
    costs = page.evaluate(MANY, [at, frames])
    return median(cost["update"] for cost in costs), median(cost["submit"] for cost in costs)


def allocated_bytes(page: Page, frames: int, state: str = "mixed") -> float:
    """Bytes that the page's code leaves for the collector with the update of one frame, sampled by the engine itself, once it is compiled."""
    session = page.context.new_cdp_session(page)
    at = page.evaluate(POSED, list(STATES[state]))
    # A cheer lasts two seconds; everything else may go on for a minute.
    rounds = 118 if state == "all cheer" else 4000
    page.evaluate(UPDATES, [at, 2 * frames, rounds])
    session.send("HeapProfiler.enable")
    sampling = {
        "samplingInterval": 512,
        "includeObjectsCollectedByMajorGC": True,
        "includeObjectsCollectedByMinorGC": True,
    }
    session.send("HeapProfiler.startSampling", sampling)
    page.evaluate(UPDATES, [at, frames, rounds])
    profile = session.send("HeapProfiler.stopSampling")["profile"]
    session.send("HeapProfiler.disable")
    session.detach()
    return _allocated(profile["head"]) / frames


def _allocated(node: dict[str, Any], *, asked: bool = False, ours: bool = False) -> int:
    """
    What was allocated in what the loop of UPDATES calls. Not by the loop, which makes each moment that it asks for, and which
    alone is of no file; nor by renders that the page makes meanwhile by itself.
    """
    ours = ours or (asked and bool(node["callFrame"]["url"]))
    asked = asked or (node["callFrame"]["functionName"] != "(root)" and not node["callFrame"]["url"])
    own = int(node["selfSize"]) if ours else 0
    return own + sum(_allocated(child, asked=asked, ours=ours) for child in node["children"])


def heap_bytes(session: CDPSession) -> int:
    """What lives in the page's heap after a collection."""
    session.send("HeapProfiler.collectGarbage")
    return int(session.send("Runtime.getHeapUsage")["usedSize"])


def kept(session: CDPSession) -> dict[str, int]:
    """Elements and listeners that the page holds after a collection."""
    session.send("Performance.enable")
    session.send("HeapProfiler.collectGarbage")
    metrics = {each["name"]: int(each["value"]) for each in session.send("Performance.getMetrics")["metrics"]}
    return {name: metrics[name] for name in ("Nodes", "JSEventListeners")}


def rate(page: Page, ms: int) -> tuple[float, float]:
    """Renders a second of the room, and of the screen meanwhile."""
    renders, screens, took_ms = page.evaluate(RATE, ms)
    return renders / took_ms * 1000, screens / took_ms * 1000


def renders(page: Page, ms: int) -> int:
    """How often the room is drawn within a while in which nothing else asks for frames."""
    return int(page.evaluate(BARE_RATE, ms))


def show(page: Page, *, visible: bool) -> None:
    """Hide the tab, or show it, as the browser tells a page of it."""
    page.evaluate(
        """(value) => {
          Object.defineProperty(document, "visibilityState", { value, configurable: true });
          Object.defineProperty(document, "hidden", { value: value === "hidden", configurable: true });
          document.dispatchEvent(new Event("visibilitychange"));
        }""",
        "visible" if visible else "hidden",
    )


def cut(page: Page) -> None:
    """End the page's socket, and wait until it has another that is live."""
    before = page.evaluate("() => { window.socket.close(); return window.opened; }")
    page.wait_for_function(
        "(before) => window.opened > before && window.__tendesks.connection().phase === 'live'",
        arg=before,
        timeout=60_000,
    )


class Load:
    """What a page loads until its room is drawn, packed as it goes over the wire."""

    def __init__(self, page: Page) -> None:
        self.bytes: dict[str, int] = {}
        page.on("response", self._weigh)

    def _weigh(self, response: Response) -> None:
        if response.ok and "/api/" not in response.url:
            self.bytes[response.url] = len(gzip.compress(response.body(), 9))

    @property
    def total(self) -> int:
        """All of it."""
        return sum(self.bytes.values())
