import { describe, expect, it } from "vitest";
import { purchaseLine, quotaLine, troubleLine } from "../../../src/ui/plans/line.ts";
import { office } from "../../office.ts";
import { estimatesOf, RESUMES } from "./tiers.ts";

const NOW = new Date(2026, 10, 23, 15, 24).getTime();
const GRACE = new Date(2026, 10, 30, 9).getTime();
const QUOTA = { used: 50, limit: 50, resets: RESUMES };

describe("the line about the plan", () => {
  it("says first what is amiss", () => {
    expect(troubleLine({ tier: "pro", deletes: GRACE, billing: { state: "unpaid" } }, NOW)?.text).toBe(
      "This account is deleted on 30 Nov, 09:00.",
    );
    expect(troubleLine({ tier: "pro", billing: { state: "past_due", tier: "pro", grace: GRACE } }, NOW)?.text).toBe(
      "The last payment did not come through. Pro stays until 30 Nov.",
    );
    expect(troubleLine({ tier: "free", billing: { state: "past_due" } }, NOW)?.text).toBe("The last payment did not come through.");
    expect(troubleLine({ tier: "free", billing: { state: "unpaid" } }, NOW)).toMatchObject({ text: "A payment is missing.", look: "red" });
    expect(troubleLine({ tier: "pro", billing: { state: "active" } }, NOW)).toBeUndefined();
    expect(troubleLine(undefined, NOW)).toBeUndefined();
  });

  it("says what becomes of a purchase", () => {
    expect(purchaseLine("waiting", "free")?.text).toBe("Waiting for the payment's confirmation");
    expect(purchaseLine("bought", "pro")).toEqual({ text: "Your plan is Pro now.", look: "sage" });
    expect(purchaseLine("none", "pro")).toBeUndefined();
  });

  it("says why the rest waits, and for when", () => {
    const held = office({ queue: { waiting: 30, blocked: "quota", until: RESUMES }, quota: QUOTA });
    expect(quotaLine(held, undefined)?.text).toBe("All 50 of this month are used. 30 wait for 1 Dec.");
    const one = office({ queue: { waiting: 1, blocked: "quota" }, quota: QUOTA });
    expect(quotaLine(one, undefined)?.text).toBe("All 50 of this month are used. 1 waits for 1 Dec.");
  });

  it("says before that how many will wait, and nothing where none does", () => {
    const going = office({ queue: { waiting: 80 }, quota: { ...QUOTA, used: 0 } });
    expect(quotaLine(going, estimatesOf(80)[0])?.text).toBe("50 start now, 30 wait for 1 Dec.");
    expect(quotaLine(going, estimatesOf(80)[2])).toBeUndefined();
    expect(quotaLine(office({ queue: { waiting: 8, blocked: "paused" }, quota: QUOTA }), undefined)).toBeUndefined();
  });
});
