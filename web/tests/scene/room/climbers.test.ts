import { describe, expect, it } from "vitest";
import { climbing, standing } from "../../../src/scene/room/climbers.ts";
import { office } from "../../office.ts";

const NOW = 1_795_450_000_000;
const upstairs = (...ages: number[]) =>
  office({ overflow: { count: ages.length, shown: Object.fromEntries(ages.map((age, index) => [`x${index}`, { since: NOW - age }])) } });
const shares = (...ages: number[]) => {
  const out = new Float32Array(6);
  return Array.from(out.subarray(0, climbing(out, upstairs(...ages), NOW)));
};

describe("the stairs", () => {
  it("show one upstairs for one, and one more for ten times as many", () => {
    expect([0, 1, 9, 10, 99, 100, 5000].map(standing)).toEqual([0, 1, 1, 2, 2, 3, 3]);
  });

  it("are climbed by whoever has just begun, and by nobody else", () => {
    expect(shares()).toEqual([]);
    expect(shares(60_000, 9_000)).toEqual([]);
    expect(shares(1300)).toEqual([0.5]);
    expect(shares(2600)).toEqual([]);
  });

  it("are climbed one after another, by six at most", () => {
    expect(shares(1300, 1300, 100)).toEqual([0.5, expect.closeTo(0.338, 2)]);
    expect(shares(...Array.from({ length: 20 }, () => 2500)).length).toBeLessThanOrEqual(6);
  });

  it("stay empty for views that name nobody", () => {
    expect(climbing(new Float32Array(6), office({ overflow: { count: 27, shown: {} } }), NOW)).toBe(0);
  });
});
