import { describe, expect, it } from "vitest";
import type { Marker, Recorded, Stretch } from "../../src/replay/contract.ts";
import {
  boundsOf,
  faster,
  idleOf,
  LEAD_MS,
  leaps,
  markerFrom,
  momentOf,
  played,
  speedNear,
  TAIL_MS,
  type Way,
  written,
} from "../../src/replay/timeline.ts";
import { chance } from "../random.ts";
import { recording, START } from "./recording.ts";

const BOUNDS: Stretch = [0, 100_000];
const way = (parts: Partial<Way> = {}): Way => ({ bounds: BOUNDS, leaps: [], loop: false, ...parts });

describe("playing", () => {
  it("goes on by the time that passed", () => {
    expect(played(5_000, 40, way())).toEqual({ at: 5_040, over: false });
  });

  it("stops at the end, or begins anew", () => {
    expect(played(99_990, 40, way())).toEqual({ at: 100_000, over: true });
    expect(played(99_990, 40, way({ loop: true }))).toEqual({ at: 0, over: false });
  });

  it("leaps over what is left out, and over several in one go", () => {
    const over = way({
      leaps: [
        [10_000, 20_000],
        [20_050, 30_000],
      ],
    });
    expect(played(9_990, 40, over).at).toBe(20_030);
    expect(played(9_990, 100, over).at).toBe(30_040);
    expect(played(15_000, 40, over).at).toBe(20_040);
    expect(played(9_000, 40, over).at).toBe(9_040);
    expect(played(95_000, 40, way({ leaps: [[95_010, 100_000]] }))).toEqual({ at: 100_000, over: true });
  });

  it.each([1, 2, 3])("takes the same way in small steps as in large ones (seed %i)", (seed) => {
    const random = chance(seed);
    const over = way({
      leaps: leaps(
        Array.from({ length: 4 }, (_, n): Stretch => [n * 25_000 + random.below(5_000), n * 25_000 + 8_000 + random.below(9_000)]),
        [[60_000, 61_000]],
      ),
    });
    let [small, rest] = [1_000, 40_000];
    const large = played(small, rest, over).at;
    while (rest > 0) {
      const step = Math.min(rest, 1 + random.below(300));
      small = played(small, step, over).at;
      rest -= step;
    }
    expect(small).toBe(large);
  });
});

describe("what is leapt over", () => {
  it("is idle time but for its edges, and what is missing, joined where they touch", () => {
    const idle: Stretch[] = [
      [10_000, 40_000],
      [50_000, 50_000 + 2 * LEAD_MS],
    ];
    expect(leaps(idle, [[38_000, 45_000]])).toEqual([[12_000, 45_000]]);
    expect(leaps(idle, [])).toEqual([[12_000, 38_000]]);
  });
});

function made(parts: Partial<Recorded> = {}): Recorded {
  return { ...recording({ seed: 1 }).recorded, ...parts };
}

const tally = (from: number, running: number): Marker => ({
  kind: "tally",
  at: START + from,
  to: START + from + 10_000,
  starts: 0,
  ends: 1,
  running,
});

describe("bounds", () => {
  it("are from the first segment to the last", () => {
    const recorded = made();
    expect(boundsOf(recorded, recorded.segments)).toEqual([START, recorded.segments.at(-1)?.end]);
    expect(boundsOf(made({ segments: [], ended: undefined }), [])).toEqual([START, START]);
  });

  it("leave out the quiet hour at the end", () => {
    const end = START + 3_600_000;
    const recorded = made({ ended: end, idle: [[START + 90_000, end]] });
    expect(boundsOf(recorded, recorded.segments)[1]).toBe(START + 90_000 + TAIL_MS);
  });

  it("leave it out while it still goes on, by the last count", () => {
    const recorded = made({ ended: undefined, live: true, markers: [tally(0, 3), tally(90_000, 0)] });
    expect(idleOf(recorded, recorded.segments)).toEqual([[START + 100_000, recorded.segments.at(-1)?.end]]);
    expect(boundsOf(recorded, recorded.segments)[1]).toBe(START + 110_000);
    expect(idleOf(made({ live: true, markers: [tally(90_000, 2)] }), recorded.segments)).toEqual([]);
  });

  it("are those of a locked link", () => {
    const recorded = made({ from: START + 20_000, to: START + 50_000 });
    expect(boundsOf(recorded, recorded.segments)).toEqual([START + 20_000, START + 50_000]);
  });
});

describe("speeds", () => {
  it("go up and down and no farther", () => {
    expect([faster(1, 1), faster(1, -1), faster(64, 1), faster(0.5, -1)]).toEqual([2, 0.5, 64, 0.5]);
  });

  it.each([
    [3, 4],
    [0.1, 0.5],
    [1_000, 64],
    [1.2, 1],
  ])("%f becomes %f", (wish, speed) => {
    expect(speedNear(wish)).toBe(speed);
  });
});

describe("markers", () => {
  const markers: Marker[] = [tally(0, 1), ...[10, 20, 20, 30].map((at) => ({ kind: "failed", at })), { kind: "gap", at: 40, to: 50 }];

  it("are gone to one after the other, counts left out", () => {
    expect([markerFrom(markers, 5, 1), markerFrom(markers, 20, 1), markerFrom(markers, 40, 1)]).toEqual([10, 30, undefined]);
    expect([markerFrom(markers, 45, -1), markerFrom(markers, 20, -1), markerFrom(markers, 10, -1)]).toEqual([40, 10, undefined]);
  });

  it("that were just passed do not hold back whoever goes on to the one before", () => {
    expect(markerFrom(markers, 33, -1, 5)).toBe(20);
  });
});

describe("a moment in an address", () => {
  it.each([
    ["96.4", START + 96_400],
    ["0", START],
    [String(START + 5), START + 5],
  ])("%s is read", (text, at) => {
    expect(momentOf(text, START)).toBe(at);
  });

  it.each([null, "", "-3", "1e9", "NaN", "12s", "1234567890123456"])("%s is none", (text) => {
    expect(momentOf(text, START)).toBeUndefined();
  });

  it("is written as it is read", () => {
    expect(momentOf(written(START + 12_345, START), START)).toBe(START + 12_345);
  });
});
