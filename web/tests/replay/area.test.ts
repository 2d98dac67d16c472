import { describe, expect, it } from "vitest";
import { areaOf, exactLines, levelAt, peak, withOpen } from "../../src/replay/area.ts";
import type { Marker, Stretch } from "../../src/replay/contract.ts";
import { framesOf } from "../../src/replay/frames.ts";
import { HZ, recording, START, stateOf } from "./recording.ts";

const tally = (from: number, starts: number, ends: number, running?: number): Marker => ({
  kind: "tally",
  at: from,
  to: from + 10_000,
  starts,
  ends,
  ...(running === undefined ? {} : { running }),
});
const BOUNDS: Stretch = [0, 100_000];
const recorded = (markers: readonly Marker[]) => ({ ...recording({ seed: 1 }).recorded, markers });

describe("how many ran, by counts", () => {
  it("goes from what ran at the beginning of a count to what ran in its end, and stays so till the next", () => {
    const lines = areaOf(recorded([tally(0, 10, 4, 8), tally(40_000, 0, 8, 0)]), [], [], BOUNDS);
    expect(lines).toHaveLength(1);
    expect([0, 5_000, 10_000, 30_000, 45_000, 50_000, 90_000].map((at) => levelAt(lines, at))).toEqual([2, 5, 8, 8, 4, 0, 0]);
  });

  it("is nothing over a gap, and known again after it", () => {
    const lines = areaOf(recorded([tally(0, 3, 0, 3), tally(60_000, 0, 0, 7)]), [], [[20_000, 60_000]], BOUNDS);
    expect(lines).toHaveLength(2);
    expect([levelAt(lines, 15_000), levelAt(lines, 30_000), levelAt(lines, 80_000)]).toEqual([3, undefined, 7]);
  });

  it("is nothing at all where it was idle", () => {
    const lines = areaOf(recorded([tally(0, 3, 0, 3), tally(10_000, 0, 3, 0)]), [[13_000, 90_000]], [], BOUNDS);
    expect([levelAt(lines, 12_999), levelAt(lines, 13_000), levelAt(lines, 60_000)]).toEqual([0, 0, 0]);
    expect(levelAt(lines, 11_500)).toBe(2);
  });

  it("is summed up where counts do not say how many run", () => {
    const lines = areaOf(recorded([tally(0, 5, 1), tally(10_000, 2, 6)]), [], [], BOUNDS);
    expect([levelAt(lines, 10_000), levelAt(lines, 20_000)]).toEqual([4, 0]);
  });

  it("goes on into the segment that is not closed yet", () => {
    const frames = framesOf(recording({ seed: 4 }).texts.get(0) ?? "", HZ).map((frame) => ({ ...frame, at: frame.at - START + 50_000 }));
    const lines = withOpen(areaOf(recorded([tally(0, 3, 0, 3)]), [], [], BOUNDS), frames, BOUNDS);
    const last = frames.at(-1);
    expect(levelAt(lines, 100_000)).toBe(last?.state.office.running);
    expect(levelAt(lines, 30_000)).toBe(3);
  });

  it("has the desks for its height, not whoever is upstairs", () => {
    expect(peak([[{ at: 0, running: 37 }]], 10)).toBe(10);
    expect(peak([[{ at: 0, running: 3 }]], 10)).toBe(3);
    expect(peak([], 10)).toBe(1);
  });
});

describe("how many ran, by frames", () => {
  it.each([1, 2, 3])("is what it was at every moment (seed %i)", (seed) => {
    const made = recording({ seed, segments: 4, lost: seed === 3 ? [2] : [] });
    const { segments } = made.recorded;
    const frames = (n: number) => framesOf(made.texts.get(n) ?? "", HZ);
    const lines = exactLines(segments, frames, [START, START + 120_000]);
    expect(lines).toHaveLength(seed === 3 ? 2 : 1);
    for (const { at } of made.whole) {
      const levels = lines.flat().filter((level) => level.at <= at);
      expect(levels.at(-1)?.running).toBe(stateOf(made, at)?.office.running);
    }
  });
});
