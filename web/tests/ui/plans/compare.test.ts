import { describe, expect, it } from "vitest";
import type { Estimate } from "../../../src/net/tiers.ts";
import { verdictOf, withRunning, worthOf } from "../../../src/ui/plans/compare.ts";
import { estimatesOf } from "./tiers.ts";

function named(all: readonly Estimate[], tier: string): Estimate {
  const found = all.find((each) => each.tier === tier);
  if (found === undefined) throw new Error(`expected an estimate of ${tier}`);
  return found;
}

const said = (all: readonly Estimate[], tier: string, mine: string) => {
  const { above, big, unit, note } = verdictOf(named(all, tier), all, mine);
  return `${above} ${big} ${unit}; ${note.text} (${note.look})`;
};

describe("what a card says of time", () => {
  const hundred = estimatesOf(100);

  it("is the table of the product, seen from Starter", () => {
    expect(["free", "starter", "pro", "enterprise"].map((tier) => said(hundred, tier, "starter"))).toEqual([
      "50 of 100 in 50 min; 50 start now, 50 wait for 1 December (honey)",
      "all 100 in 34 min; 3 tasks at a time (dim)",
      "all 100 in 10 min; 24 min sooner (sage)",
      "all 100 in 2 min; 32 min sooner (sage)",
    ]);
  });

  it("names no time saved where one's own plan holds some back: that the others do not is what counts", () => {
    expect(said(hundred, "pro", "free")).toBe("all 100 in 10 min; None waits for the month to turn (sage)");
    expect(said(hundred, "free", "free")).toBe("50 of 100 in 50 min; 50 start now, 50 wait for 1 December (honey)");
  });

  it("says when all would begin where the month is used up", () => {
    expect(said(estimatesOf(30, 50), "free", "free")).toBe("none before 1 Dec; All wait for 1 December (honey)");
  });

  it("says what is slower, and what is the same", () => {
    expect(said(hundred, "starter", "pro")).toBe("all 100 in 34 min; 24 min later (dim)");
    expect(said(estimatesOf(2, 0, 2), "pro", "starter")).toBe("all 2 in 1 min; no sooner than now (dim)");
  });

  it("draws bars to one scale: how long all would take, with what waits for the month told apart", () => {
    const bars = hundred.map((each) => verdictOf(each, hundred, "starter")).map(({ now, rest }) => [Math.round(now), Math.round(rest)]);
    expect(bars).toEqual([
      [50, 50],
      [34, 0],
      [10, 0],
      [2, 0],
    ]);
  });
});

describe("tasks that run already", () => {
  it("are counted against the quota before, and so are not held back", () => {
    const free = named(estimatesOf(31, 50), "free");
    expect(withRunning(free, 1)).toMatchObject({ now: 1, later: 30, minutes: 1 });
    expect(withRunning(named(estimatesOf(10), "pro"), 10)).toEqual(named(estimatesOf(10), "pro"));
  });

  it("never make more than there are", () => {
    expect(withRunning(named(estimatesOf(5, 49), "free"), 40)).toMatchObject({ now: 5, later: 0 });
  });
});

describe("the plan that is worth a thought", () => {
  it("is the first above one's own that is a fifth sooner", () => {
    expect(worthOf(estimatesOf(100), "starter")?.tier).toBe("pro");
    expect(worthOf(estimatesOf(100), "enterprise")).toBeUndefined();
    expect(worthOf(estimatesOf(2, 0, 2), "starter")).toBeUndefined();
  });

  it("is the first that holds nothing back where one's own does", () => {
    expect(worthOf(estimatesOf(100), "free")?.tier).toBe("starter");
    expect(worthOf(estimatesOf(600), "free")?.tier).toBe("pro");
  });

  it("is none for a plan that is not in the table", () => {
    expect(worthOf(estimatesOf(100), "gone")).toBeUndefined();
  });
});
