import { describe, expect, it } from "vitest";
import type { Durations } from "../../src/net/figures.ts";
import type { Figures } from "../../src/ui/figures.ts";
import { along, barOf, paceOf, turnOf, whyWords } from "../../src/ui/insight.ts";

const DURATIONS: Durations = {
  of: 8,
  from: 1_000,
  to: 14_000,
  half: 5_000,
  most: 13_000,
  longest: 60_000,
  bars: Array(13).fill(1),
  longer: 1,
};

describe("why tasks failed", () => {
  it("is told in words, an exit by its code", () => {
    expect(["exit 1", "exit 127", "exit", "timeout", "unreachable", ""].map(whyWords)).toEqual([
      "Program ended with code 1",
      "Program ended with code 127",
      "Program failed",
      "Timed out",
      "Site not reachable",
      "Failed",
    ]);
  });
});

describe("how long tasks took", () => {
  it("stands where it belongs between the first bar and the last", () => {
    expect([1_000, 7_500, 14_000, 60_000].map((ms) => along(ms, DURATIONS))).toEqual([0, 0.5, 1, 1]);
    expect([1_000, 1_999, 2_000, 13_999, 14_000].map((ms) => barOf(ms, DURATIONS))).toEqual([0, 0, 1, 12, 12]);
  });

  it("is the first bar where all took as long", () => {
    const same = { ...DURATIONS, from: 7, to: 7 };
    expect(along(7, same)).toBe(0);
    expect(barOf(7, same)).toBe(0);
  });
});

describe("how fast tasks came", () => {
  const ends = { from: 60_000, step: 30_000, done: [2, 0, 4], failed: [0, 1, 1] };

  it("is told a minute, in the middle of each stretch", () => {
    expect(paceOf({ every: 1, ends })).toEqual({ at: [75, 105, 135], done: [4, 0, 8], all: [4, 2, 10] });
  });

  it("counts those that were not looked at", () => {
    expect(paceOf({ every: 3, ends })?.all).toEqual([12, 6, 30]);
  });

  it("is not said of one or two stretches, nor of nothing", () => {
    expect(paceOf({ every: 1, ends: { ...ends, done: [1, 2], failed: [0, 0] } })).toBeUndefined();
    expect(paceOf({ every: 1 })).toBeUndefined();
  });
});

describe("figures are asked for anew", () => {
  const of = (done: number, state: Figures["state"] = "running"): Figures => ({
    state,
    total: 9,
    done,
    failed: 0,
    running: 1,
    order: 0,
    waiting: 0,
    cancelled: 0,
  });

  it("with the first that ended, then every quarter of a minute, and at the end at once", () => {
    const first = turnOf(of(0), 1, undefined);
    const one = turnOf(of(1), 2, first);
    expect(one).not.toBe(first);
    expect(turnOf(of(2), 3, one)).toBe(one);
    expect(turnOf(of(5), 15, one)).not.toBe(one);
    expect(turnOf(of(5, "done"), 4, one)).not.toBe(turnOf(of(5), 15, one));
  });
});
