import { describe, expect, it } from "vitest";
import type { Progress } from "../../src/state/office.ts";
import { drawn, left } from "../../src/state/progress.ts";

const REPORTED: Progress = [1_000, 200, 8_000, 1];
const ESTIMATED: Progress = [1_000, 0, 60_000, 0];

describe("progress", () => {
  it.each([
    [1_000, 200],
    [5_000, 600],
    [9_000, 1000],
    [90_000, 1000],
    [0, 200],
  ])("reported, at %i it is drawn at %i", (now, permille) => {
    expect(drawn(REPORTED, now)).toBe(permille);
  });

  it("never passes 95 % where it is estimated", () => {
    expect(drawn(ESTIMATED, 31_000)).toBe(500);
    expect(drawn(ESTIMATED, 10_000_000)).toBe(950);
    expect(drawn([1_000, 0, 0, 0], 1_000)).toBe(950);
  });

  it("says what is left, never less than nothing", () => {
    expect([0, 1_000, 4_000, 99_000].map((now) => left(REPORTED, now))).toEqual([8_000, 8_000, 5_000, 0]);
  });
});
