/** The one quiet line about the plan: what is amiss first, then what was bought, then what waits for the month, and only then what is sooner. */
import type { Account } from "../../net/account.ts";
import type { Estimate } from "../../net/tiers.ts";
import type { OfficeState } from "../../state/office.ts";
import { day, moment, utcDay } from "../numbers.ts";
import type { Stage } from "../purchase.ts";
import { tierTitle } from "../words.ts";
import { plansWords } from "./words.ts";

const said = plansWords.line;

export interface Line {
  readonly text: string;
  readonly look: "dim" | "honey" | "red" | "sage";
  /** The account panel says more, and has what can be done. */
  readonly account?: true;
}

/** That the account ends, or that a payment is missing. */
export function troubleLine(account: Account | undefined, now: number): Line | undefined {
  if (account?.deletes !== undefined) return { text: said.deletes(moment(account.deletes, now)), look: "red", account: true };
  const billing = account?.billing;
  if (billing?.state === "past_due")
    return { text: pastDue(billing.tier ?? account?.tier ?? "", billing.grace), look: "honey", account: true };
  if (billing?.state === "unpaid") return { text: said.unpaid, look: "red", account: true };
  return undefined;
}

export function pastDue(tier: string, grace: number | undefined): string {
  return grace === undefined ? said.due : said.pastDue(tierTitle(tier), day(grace));
}

export function purchaseLine(stage: Stage, tier: string): Line | undefined {
  if (stage === "waiting") return { text: said.waiting, look: "honey" };
  if (stage === "late") return { text: said.late, look: "honey" };
  if (stage === "bought") return { text: said.bought(tierTitle(tier)), look: "sage" };
  return stage === "back" ? { text: said.back, look: "dim" } : undefined;
}

/** Why the rest waits, and for when. @param mine what one's own plan makes of the queue, where that was asked */
export function quotaLine(state: OfficeState, mine: Estimate | undefined): Line | undefined {
  const { quota, queue } = state;
  if (quota !== undefined && queue.blocked === "quota" && queue.waiting > 0) {
    const rest = said.rest(queue.waiting, utcDay(queue.until ?? quota.resets));
    return { text: `${said.usedAll(quota.limit)} ${rest}`, look: "dim" };
  }
  if (mine === undefined || mine.later === 0 || mine.resumes === undefined) return undefined;
  return { text: said.some(mine.now, mine.later, utcDay(mine.resumes)), look: "dim" };
}
