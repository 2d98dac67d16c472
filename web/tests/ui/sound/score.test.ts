import { describe, expect, it } from "vitest";
import type { Batch, OfficeState } from "../../../src/state/office.ts";
import { endedBetween, failedBetween, murmurOf, notesOf, UNPLAYED } from "../../../src/ui/sound/score.ts";
import { office } from "../../office.ts";

const BATCH: Batch = { name: "Research", state: "running", total: 10, done: 3, failed: 0, running: 2, order: 0 };

function having(some: Partial<Batch>): OfficeState {
  return office({ batches: { b1: { ...BATCH, ...some } } });
}

const before = having({});

describe("what sounds", () => {
  it("is a chime for a batch that is done, and nothing for one that somebody cancelled", () => {
    const done = having({ state: "done", done: 10 });
    expect(endedBetween(before, done)).toEqual(["b1"]);
    expect(notesOf(UNPLAYED, before, done, 0, false)[1]).toEqual(["chime"]);
    expect(notesOf(UNPLAYED, before, having({ state: "cancelled" }), 0, false)[1]).toEqual([]);
  });

  it("is a low note for a failure, and nothing for an attempt that is made again", () => {
    expect(failedBetween(before, having({ failed: 2 }))).toBe(2);
    expect(notesOf(UNPLAYED, before, having({ failed: 2 }), 0, false)[1]).toEqual(["low"]);
    expect(notesOf(UNPLAYED, before, having({ running: 1 }), 0, false)[1]).toEqual([]);
    expect(failedBetween(having({ failed: 2 }), having({ failed: 0 }))).toBe(0);
  });

  it("is the chime alone where the last of a batch failed, and in a hidden tab", () => {
    const end = having({ state: "done", failed: 1, done: 9 });
    expect(notesOf(UNPLAYED, before, end, 0, false)[1]).toEqual(["chime"]);
    expect(notesOf(UNPLAYED, before, end, 0, true)[1]).toEqual(["chime"]);
    expect(notesOf(UNPLAYED, before, having({ failed: 1 }), 0, true)[1]).toEqual([]);
  });

  it("is no more than a note in some seconds, whatever happens", () => {
    let score = UNPLAYED;
    const played: number[] = [];
    for (let now = 0; now < 60_000; now += 100) {
      const [next, notes] = notesOf(score, having({ failed: now }), having({ failed: now + 1 }), now, false);
      score = next;
      if (notes.length > 0) played.push(now);
    }
    expect(played).toEqual([0, 6_000, 12_000, 18_000, 24_000, 30_000, 36_000, 42_000, 48_000, 54_000]);
  });

  it("is nothing for what was there when the page came", () => {
    expect(notesOf(UNPLAYED, office(), having({ state: "done" }), 0, false)[1]).toEqual([]);
    expect(notesOf(UNPLAYED, before, before, 0, false)[1]).toEqual([]);
  });
});

describe("the murmur", () => {
  const of = (running: number) => murmurOf(office({ office: { ...office().office, running } }), false);

  it("grows with the people at work, each adding less than the one before", () => {
    const levels = Array.from({ length: 21 }, (_, running) => of(running));
    expect(levels[0]).toBe(0);
    expect(levels[20]).toBe(1);
    expect(of(500)).toBe(1);
    const steps = levels.slice(1).map((level, index) => level - (levels[index] ?? 0));
    for (const [index, step] of steps.slice(1).entries()) expect(step).toBeLessThan(steps[index] ?? 0);
  });

  it("rests in a hidden tab", () => {
    expect(murmurOf(office({ office: { ...office().office, running: 9 } }), true)).toBe(0);
    expect(murmurOf(undefined, false)).toBe(0);
  });
});
