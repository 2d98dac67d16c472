import { describe, expect, it } from "vitest";
import type { Billing } from "../../../src/net/account.ts";
import { type Buyer, buyerOf, contactLink, gives, offerOf } from "../../../src/ui/plans/offer.ts";
import { ENTERPRISE, FREE, PRO, STARTER, TIERS } from "./tiers.ts";

const buyer = (parts: Partial<Buyer> = {}): Buyer => ({
  mine: "starter",
  local: false,
  owner: true,
  billing: { state: "active" },
  ...parts,
});
const does = (who: Buyer) => TIERS.map((tier) => offerOf(tier, who).does);

describe("what can be done about a plan", () => {
  it("is a switch on a server of one's own", () => {
    expect(does(buyer({ local: true }))).toEqual(["switch", "current", "switch", "switch"]);
  });

  it("is paying for it, going back to nothing by the portal, or writing", () => {
    expect(does(buyer())).toEqual(["portal", "current", "buy", "write"]);
    expect(offerOf(ENTERPRISE, buyer())).toEqual({ does: "write", to: "mailto:sales@example.org" });
    expect(does(buyer({ mine: "free", billing: { state: "none" } }))).toEqual(["current", "buy", "buy", "write"]);
  });

  it("is nothing for those who do not own the office", () => {
    expect(does(buyer({ owner: false }))).toEqual(["nothing", "current", "nothing", "nothing"]);
  });

  it.each(["past_due", "unpaid"] as const)("is nothing while a payment is missing (%s)", (state) => {
    expect(does(buyer({ billing: { state } }))).toEqual(["nothing", "current", "nothing", "nothing"]);
  });

  it("is nothing where nothing is sold and nobody can be written to", () => {
    const unsold = { ...PRO, buyable: false, support: undefined };
    expect(offerOf(unsold, buyer({ billing: undefined })).does).toBe("nothing");
    expect(offerOf(FREE, buyer({ billing: undefined })).does).toBe("nothing");
  });

  it("depends on who asks, as the account and the socket tell of them", () => {
    const billing: Billing = { state: "ending", ends: 5 };
    expect(buyerOf({ tier: "pro", mode: "hosted", billing }, "pro", "owner")).toEqual({ mine: "pro", local: false, owner: true, billing });
    expect(buyerOf(undefined, "pro", "viewer")).toEqual({ mine: "pro", local: false, owner: false, billing: undefined });
  });
});

describe("a contact", () => {
  it.each([
    ["help@example.org", "mailto:help@example.org"],
    ["mailto:help@example.org", "mailto:help@example.org"],
    ["https://help.example.org/new", "https://help.example.org/new"],
    ["+44 20 7946 0000", undefined],
    ["javascript:alert(1)@x", undefined],
    ["java script:x@y", undefined],
  ])("%s leads to %s", (contact, to) => {
    expect(contactLink(contact)).toBe(to);
  });
});

describe("what a plan gives", () => {
  it("is told from its figures, and what it shares with the one before in one line", () => {
    expect(gives(FREE, undefined)).toEqual(["1 at a time", "50 tasks a month", "1 link, 5 viewers each", "Replays kept 1 day"]);
    expect(gives(PRO, STARTER)).toEqual([
      "10 at a time, 20 with your own key",
      "5,000 tasks a month",
      "50 links, 500 viewers each",
      "Replays kept 365 days",
      "Own keys, analytics, team members",
      "Everything in Starter",
      "A first answer within 24 hours",
    ]);
    expect(gives(ENTERPRISE, PRO)).toEqual([
      "50 at a time",
      "50,000 tasks a month, never blocking",
      "Unlimited links, 5,000 viewers each",
      "Replays kept until you delete them",
      "Webhooks, SLA report",
      "Everything in Pro",
      "A first answer within 4 hours",
    ]);
  });

  it("claims nothing of the plan before where it has less of something", () => {
    const odd = { ...ENTERPRISE, features: ["sla", "brand-new"] };
    expect(gives(odd, PRO)).not.toContain("Everything in Pro");
    expect(gives(odd, PRO)).toContain("SLA report, brand-new");
  });
});
