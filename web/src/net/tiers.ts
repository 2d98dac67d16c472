/** Plans as HTTP tells of them, and what each would make of a number of tasks. */
import { type Support, support } from "./account.ts";
import { flag, integer, list, number, object, oneOf, optional, text, time } from "./read.ts";

export interface Estimate {
  readonly tier: string;
  readonly workers: number;
  readonly minutes: number;
  readonly each: number;
  readonly basis: "assumed" | "measured";
  readonly now: number;
  readonly later: number;
  readonly resumes?: number | undefined;
}

/** What a plan gives. A limit that is absent is none. */
export interface Tier {
  readonly name: string;
  readonly title: string;
  /** Dollars a month; absent where it is agreed on. */
  readonly price?: number | undefined;
  readonly slots: number;
  /** So many at a time with an own key. */
  readonly slotsWithKey: number;
  readonly quota: number;
  readonly soft: boolean;
  readonly links?: number | undefined;
  /** Of each link, at once. */
  readonly viewers?: number | undefined;
  readonly recordingDays?: number | undefined;
  readonly features: readonly string[];
  /** It can be paid for here. */
  readonly buyable: boolean;
  readonly support?: Support | undefined;
}

/** How long so many take with so many at a time, in whole minutes. */
export function minutesFor(tasks: number, workers: number, each: number): number {
  return Math.ceil(((tasks / workers) * each) / 60);
}

/** What a quota that is only shown would hold back starts now like the rest. */
function unheld(told: Estimate): Estimate {
  const now = told.now + told.later;
  const { resumes: _, ...rest } = told;
  return { ...rest, now, later: 0, minutes: minutesFor(now, told.workers, told.each) };
}

export function estimate(value: unknown): Estimate {
  const fields = object(value, "estimate");
  const told: Estimate = {
    tier: text(fields["tier"], "estimate.tier"),
    workers: integer(fields["workers"], "estimate.workers"),
    minutes: number(fields["minutes"], "estimate.minutes"),
    each: number(fields["each"], "estimate.each"),
    basis: oneOf(fields["basis"], ["assumed", "measured"] as const, "estimate.basis"),
    now: integer(fields["now"], "estimate.now"),
    later: integer(fields["later"], "estimate.later"),
    resumes: optional(fields["resumes"], time, "estimate.resumes"),
  };
  return fields["enforced"] === false && told.later > 0 ? unheld(told) : told;
}

export function tier(value: unknown): Tier {
  const fields = object(value, "tier");
  const name = text(fields["name"], "tier.name");
  const slots = integer(fields["slots"], "tier.slots");
  return {
    name,
    title: optional(fields["title"], text, "tier.title") ?? name,
    price: optional(fields["price"], number, "tier.price"),
    slots,
    slotsWithKey: optional(fields["slots_with_key"], integer, "tier.slots_with_key") ?? slots,
    quota: integer(fields["quota"], "tier.quota"),
    soft: flag(fields["quota_soft"]),
    links: optional(fields["links"], integer, "tier.links"),
    viewers: optional(fields["viewers"], integer, "tier.viewers"),
    recordingDays: optional(fields["recording_days"], integer, "tier.recording_days"),
    features: (optional(fields["features"], list, "tier.features") ?? []).map((each) => text(each, "tier.features")),
    buyable: flag(fields["buyable"]),
    support: optional(fields["support"], support, "tier.support"),
  };
}
