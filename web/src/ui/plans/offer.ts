/** What can be done about each plan, and in which words it is told what it gives: pure, from the table of plans. */
import type { Account, Billing } from "../../net/account.ts";
import type { Tier } from "../../net/tiers.ts";
import { plansWords as said } from "./words.ts";

/** What a press on a plan's button does; `write` leads to an address. */
export type Offer =
  | { readonly does: "current" | "switch" | "buy" | "portal" | "nothing" }
  | { readonly does: "write"; readonly to: string };

export interface Buyer {
  /** One's own plan. */
  readonly mine: string;
  /** A server of one's own, where a plan is only chosen. */
  readonly local: boolean;
  readonly owner: boolean;
  readonly billing: Billing | undefined;
}

export function buyerOf(account: Account | undefined, mine: string, role: string | undefined): Buyer {
  return { mine, local: account?.mode === "local", owner: role === "owner", billing: account?.billing };
}

/** Whether a payment is missing: then nothing is sold before it is settled. */
export function inTrouble(billing: Billing | undefined): boolean {
  return billing?.state === "past_due" || billing?.state === "unpaid";
}

function pays(billing: Billing | undefined): boolean {
  return billing?.state === "active" || billing?.state === "ending";
}

/** An address of the web stays one; anything else with an @ is written to. */
export function contactLink(contact: string): string | undefined {
  if (/^(https?:\/\/|mailto:)/.test(contact)) return contact;
  return /^[\w.+-]+@[\w.-]+$/.test(contact) ? `mailto:${contact}` : undefined;
}

export function offerOf(tier: Tier, { mine, local, owner, billing }: Buyer): Offer {
  if (tier.name === mine) return { does: "current" };
  if (local) return { does: "switch" };
  if (!owner || inTrouble(billing)) return { does: "nothing" };
  if (tier.buyable) return { does: "buy" };
  if (tier.price === 0 && pays(billing)) return { does: "portal" };
  const to = tier.support?.contact === undefined ? undefined : contactLink(tier.support.contact);
  return to === undefined || tier.price === 0 ? { does: "nothing" } : { does: "write", to };
}

/** Features that the plan before has not, and whether it has all that the plan before has. */
function beyond(tier: Tier, before: Tier | undefined): readonly [whole: boolean, more: readonly string[]] {
  const had = before?.features ?? [];
  const whole = had.length > 0 && had.every((each) => tier.features.includes(each));
  return [whole, whole ? tier.features.filter((each) => !had.includes(each)) : tier.features];
}

/** What a plan gives, a line each; what it shares with the one before it is said in one. */
export function gives(tier: Tier, before: Tier | undefined): readonly string[] {
  const [whole, more] = beyond(tier, before);
  const lines = [
    said.atATime(tier.slots, tier.slotsWithKey),
    said.quota(tier.quota, tier.soft),
    said.links(tier.links, tier.viewers),
    said.replays(tier.recordingDays),
    more.map(said.feature).join(", "),
    whole && before !== undefined ? said.everything(before.title) : "",
    tier.support?.hours === undefined ? "" : said.support(tier.support.hours),
  ];
  return lines.filter((line) => line !== "").map(said.upper);
}
