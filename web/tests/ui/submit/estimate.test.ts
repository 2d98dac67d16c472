import { describe, expect, it } from "vitest";
import type { Estimate } from "../../../src/net/tiers.ts";
import { barOf, basisWords, footing, verdict } from "../../../src/ui/submit/estimate.tsx";

const RESUMES = Date.UTC(2026, 11, 1);

function estimate(tier: string, workers: number, minutes: number, later = 0): Estimate {
  return { tier, workers, minutes, each: 60, basis: "assumed", now: 100 - later, later, resumes: later > 0 ? RESUMES : undefined };
}

const ALL = [estimate("free", 1, 50, 50), estimate("starter", 3, 34), estimate("pro", 10, 10), estimate("enterprise", 50, 2)];
const QUOTA = { used: 12, limit: 500, resets: RESUMES };

describe("estimates", () => {
  it("say what the quota holds back", () => {
    expect(ALL.map(verdict)).toEqual(["50 now, 50 in Dec", "34 min", "10 min", "2 min"]);
  });

  it("say what they rest on", () => {
    expect(basisWords(ALL)).toBe("60 s a task assumed, measured once some are done");
    expect(basisWords([{ ...estimate("pro", 10, 10), basis: "measured", each: 38 }])).toBe("40 s a task, as measured lately");
    expect(basisWords([])).toBe("");
  });

  it("are drawn against the longest", () => {
    expect(ALL.map((each) => Math.round(barOf(each, ALL)))).toEqual([100, 68, 20, 4]);
  });
});

describe("footing", () => {
  it("says how long, what it uses, and what the next plan would change", () => {
    expect(footing(100, ALL, "starter", QUOTA, false)).toEqual({
      first: "100 tasks, done in about 34 min",
      second: "Uses 100 of the 488 left this month. Pro would finish in 10 min.",
    });
  });

  it("promises no end while others wait before it", () => {
    expect(footing(100, ALL, "starter", QUOTA, true).first).toBe("100 tasks, about 34 min of work");
  });

  it("says what has to wait for the month, and sells nothing over it", () => {
    expect(footing(100, ALL, "free", undefined, false)).toEqual({ first: "50 start now, 50 wait for 1 December", second: "" });
  });

  it("uses no more than is left where the rest has to wait", () => {
    expect(footing(100, ALL, "free", { used: 0, limit: 50, resets: 0 }, false).second).toBe("Uses all 50 left this month.");
    const none = [{ ...(ALL[0] as Estimate), now: 0, later: 100 }];
    expect(footing(100, none, "free", { used: 50, limit: 50, resets: 0 }, false).second).toBe("Nothing is left this month.");
  });

  it("says the number alone while nothing is known", () => {
    expect(footing(1, [], "starter", undefined, false)).toEqual({ first: "1 task", second: "" });
  });
});
