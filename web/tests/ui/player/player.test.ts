import { describe, expect, it } from "vitest";
import type { Marker } from "../../../src/replay/contract.ts";
import { asking, deskOf, momentAsked, replayIn, speedOf, withMoment, withoutReplay } from "../../../src/ui/player/address.ts";
import { momentAt, outline, xOf } from "../../../src/ui/player/chart.tsx";
import { currentRow, failedBy, marked, matches, moments } from "../../../src/ui/player/find.ts";
import { REPLAY_SHOWN, replayDeedOf } from "../../../src/ui/player/keys.ts";
import { arrangeReplay } from "../../../src/ui/player/layout.ts";
import { clustered, clusterWords, markOf, marksOf } from "../../../src/ui/player/marks.ts";
import { ticks } from "../../../src/ui/player/ticks.ts";
import { recording, START } from "../../replay/recording.ts";

const { recorded } = recording({ seed: 1 });

describe("addresses of moments", () => {
  it("are read and written", () => {
    expect(replayIn("?replay=089g7xhpd0ex&t=96.4&speed=4&desk=3&x=1")).toEqual({
      recording: "089g7xhpd0ex",
      asked: { t: "96.4", speed: "4", desk: "3" },
    });
    const asked = asking(START + 96_400, recorded, 4, 2);
    expect(asked).toEqual({ t: "96.4", speed: "4", desk: "3" });
    expect(withMoment("?x=1&desk=9", asked, "089g7xhpd0ex")).toBe("?x=1&desk=3&replay=089g7xhpd0ex&t=96.4&speed=4");
    expect(withoutReplay("?x=1&replay=089g7xhpd0ex&t=1&speed=4&desk=3")).toBe("?x=1");
    expect(withoutReplay("?replay=089g7xhpd0ex")).toBe("");
  });

  it.each(["", "?replay=", "?replay=../../x", "?replay=ABCDEFGH", "?t=3"])("%s asks for none", (search) => {
    expect(replayIn(search)).toBeUndefined();
  });

  it("that nobody would write are taken as far as they go", () => {
    expect([speedOf({ speed: "3" }), speedOf({ speed: "-1" }), speedOf({ speed: "fast" }), speedOf({})]).toEqual([
      4,
      undefined,
      undefined,
      undefined,
    ]);
    expect([deskOf({ desk: "10" }), deskOf({ desk: "0" }), deskOf({ desk: "11" }), deskOf({ desk: "1.5" })]).toEqual([
      9,
      undefined,
      undefined,
      undefined,
    ]);
    expect(momentAsked({ t: "1e9" }, recorded, [START, START + 5])).toBeUndefined();
    expect(momentAsked({ t: "9999" }, recorded, [START, START + 5])).toBe(START + 5);
  });
});

const press = (key: string, parts = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...parts });

describe("keys of a replay", () => {
  it.each([
    [" ", {}, { do: "play" }],
    ["ArrowLeft", {}, { do: "seconds", direction: -1 }],
    ["ArrowRight", { shiftKey: true }, { do: "tenth", direction: 1 }],
    [",", {}, { do: "step", direction: -1 }],
    ["]", {}, { do: "marker", direction: 1 }],
    [">", { shiftKey: true }, { do: "speed", direction: 1 }],
    ["I", {}, { do: "idle" }],
    ["g", {}, { do: "live" }],
  ])("%s with %o", (key, parts, deed) => {
    expect(replayDeedOf(press(key, parts), false, false, true)).toEqual(deed);
  });

  it("leave digits to the desks, fields to those who type, and Space to the button that has the focus", () => {
    expect(replayDeedOf(press("3"), false, false, true)).toBeUndefined();
    expect(replayDeedOf(press("g"), true, false, true)).toBeUndefined();
    expect(replayDeedOf(press("g"), false, false, false)).toBeUndefined();
    expect(replayDeedOf(press("g", { ctrlKey: true }), false, false, true)).toBeUndefined();
    expect(replayDeedOf(press(" "), false, true, true)).toBeUndefined();
  });

  it("are all in the list of keys", () => {
    expect(REPLAY_SHOWN.map(([, name]) => name).sort()).toEqual(["idle", "live", "marker", "play", "seconds", "speed", "step", "tenth"]);
  });
});

const failed = (at: number, parts = {}): Marker => ({ kind: "failed", at, ...parts });
const nameOf = (batch: string) => (batch === "b1" ? "Company research" : undefined);

describe("markers in words", () => {
  it.each<[Marker, string]>([
    [failed(1, { title: "Acme", reason: "timeout" }), "Acme: timed out"],
    [failed(1, { title: "Acme", reason: "exit", until: 9 }), "Acme: program failed, tries again"],
    [failed(1, { count: 3, batch: "b1" }), "3 tasks failed, Company research"],
    [failed(1), "A task: failed"],
    [{ kind: "batch", at: 1, name: "List", state: "done", done: 9, failed: 2 }, "List: ended, 9 done, 2 failed"],
    [{ kind: "batch", at: 1, batch: "b1", state: "cancelled" }, "Company research: cancelled"],
    [{ kind: "gap", at: 1, to: 65_001 }, "Not stored: for 1:05"],
    [{ kind: "novel", at: 1 }, "Something happened"],
    [{ kind: "__proto__", at: 1 }, "Something happened"],
  ])("%o", (marker, words) => {
    expect(markOf(marker, nameOf).words).toBe(words);
  });

  it("too close to one another stand as one, the worst in front", () => {
    const marks = marksOf([{ kind: "batch", at: 100 }, failed(104), failed(900)], [0, 1_000], nameOf);
    const found = clustered(marks, 50);
    expect(found.map(({ at, tone, marks: many }) => [at, tone, many.length])).toEqual([
      [0, "dim", 1],
      [104, "red", 2],
      [900, "red", 1],
    ]);
    expect(clusterWords(found[1] ?? { at: 0, glyph: "bang", tone: "red", marks: [] }, String)).toBe(
      "100 A batch: ended, 0 done\n104 A task: failed",
    );
  });
});

describe("finding", () => {
  it("goes by title, batch and desk together", () => {
    const happening = { at: 1, what: "done" as const, title: "Acme Optics", batch: "b1", desk: 2 };
    expect(matches(happening, { text: " acme " })).toBe(true);
    expect(matches(happening, { text: "acme", batch: "b2" })).toBe(false);
    expect(matches(happening, { text: "", desk: 2, batch: "b1" })).toBe(true);
    expect(matches({ ...happening, title: undefined }, { text: "acme" })).toBe(false);
  });

  it("marks what was asked for", () => {
    expect(marked("The Acme Works", "acme")).toEqual(["The ", "Acme", " Works"]);
    expect(marked("The Acme Works", "x")).toEqual(["The Acme Works", "", ""]);
  });

  it("knows where one is, and how many had failed by then", () => {
    const markers = [failed(5), failed(7, { count: 3 }), failed(8, { until: 90 }), { kind: "tally", at: 6, to: 16 }];
    expect(moments(markers, [0, 7]).map(({ at }) => at)).toEqual([5, 7]);
    expect([failedBy(markers, 6), failedBy(markers, 9)]).toEqual([1, 4]);
    expect([currentRow(markers, 4), currentRow(markers, 5)]).toEqual([-1, 0]);
  });
});

describe("the chart", () => {
  const scale = { bounds: [START, START + 100_000] as const, width: 1_000 };

  it("goes from moments to pixels and back", () => {
    expect([xOf(START - 5, scale), xOf(START + 50_000, scale), xOf(START + 999_999, scale)]).toEqual([0, 500, 1_000]);
    expect([momentAt(-3, scale), momentAt(500, scale), momentAt(4_000, scale)]).toEqual([START, START + 50_000, START + 100_000]);
  });

  it("draws a level as high as it is of the most", () => {
    const line = [
      { at: START, running: 10 },
      { at: START + 100_000, running: 0 },
    ];
    expect(outline(line, 10, scale)).toBe("0.0,46 0.0,3.0 1000.0,46.0 1000.0,46");
    expect(outline([], 10, scale)).toBe("");
  });

  it.each([300, 1_000, 1_400])("tells round times with room between them (%i px)", (width) => {
    for (const long of [20_000, 150_000, 3_600_000, 80_000_000]) {
      const marks = ticks({ bounds: [START, START + long], width });
      const xs = marks.map(({ at }) => xOf(at, { bounds: [START, START + long], width }));
      expect(Math.min(...xs.slice(1).map((x, index) => x - (xs[index] ?? 0)))).toBeGreaterThan(60);
    }
  });
});

describe("the arrangement", () => {
  it.each([
    [1440, 900],
    [1200, 700],
    [900, 1100],
    [800, 700],
    [390, 844],
    [360, 640],
  ])("of %i by %i keeps office, panel and player apart", (width, height) => {
    const { bar, panel, free } = arrangeReplay({ width, height }, 352, false);
    expect(panel.y + panel.height).toBeLessThanOrEqual(bar.y);
    expect(free.y + free.height).toBeLessThanOrEqual(bar.y);
    const beside = free.x + free.width <= panel.x;
    expect(beside || free.y + free.height <= panel.y).toBe(true);
    expect(bar.y + bar.height).toBeLessThanOrEqual(height);
    for (const { width: wide, height: high } of [bar, panel, free]) expect(Math.min(wide, high)).toBeGreaterThan(100);
  });
});
