/** How long the list would take, for each plan, by the server's own estimate; what the quota holds back is said, never left out. */
import type { Estimate } from "../../net/tiers.ts";
import type { Quota } from "../../state/office.ts";
import { about, minutes, utcDay, utcDayLong } from "../numbers.ts";
import { tierTitle, words } from "../words.ts";

function monthOf(resumes: number | undefined): string {
  return resumes === undefined ? words.side.waiting : (utcDay(resumes).split(" ")[1] ?? "");
}

export function verdict(estimate: Estimate): string {
  return estimate.later > 0 ? words.submit.nowLater(estimate.now, estimate.later, monthOf(estimate.resumes)) : minutes(estimate.minutes);
}

export function basisWords(estimates: readonly Estimate[]): string {
  const first = estimates[0];
  if (first === undefined) return "";
  return first.basis === "measured" ? words.submit.measured(about(first.each * 1_000)) : words.submit.assumed;
}

/** How long a bar is, in hundredths of the longest. */
export function barOf(estimate: Estimate, estimates: readonly Estimate[]): number {
  const longest = Math.max(...estimates.map((each) => each.minutes), 1);
  return Math.max((estimate.minutes / longest) * 100, 1.5);
}

export function Estimates({ estimates, mine }: { readonly estimates: readonly Estimate[]; readonly mine: string | undefined }) {
  return (
    <div class="estimates">
      {estimates.map((estimate) => (
        <div key={estimate.tier} class={estimate.tier === mine ? "estimate mine" : "estimate"}>
          <span>{tierTitle(estimate.tier)}</span>
          <i style={{ width: `${barOf(estimate, estimates)}%` }} />
          <span class="right">{verdict(estimate)}</span>
        </div>
      ))}
    </div>
  );
}

export interface Footing {
  readonly first: string;
  readonly second: string;
}

/** A quota that is only shown holds nothing back, and then more than is left may be used. */
function usesWords(total: number, left: number, own: Estimate | undefined): string {
  if (own === undefined || own.later === 0) return words.submit.uses(total, left);
  return own.now === 0 ? words.submit.usesNone : words.submit.usesAll(own.now);
}

/**
 * What the list costs in time and quota.
 * @param busy other tasks wait already, so that this list alone does not say when it will be done
 */
export function footing(
  total: number,
  estimates: readonly Estimate[],
  mine: string | undefined,
  quota: Quota | undefined,
  busy: boolean,
): Footing {
  const at = estimates.findIndex((estimate) => estimate.tier === mine);
  const own = estimates[at];
  const uses = quota === undefined ? "" : usesWords(total, Math.max(quota.limit - quota.used, 0), own);
  if (own === undefined) return { first: words.submit.footerPlain(total), second: uses };
  if (own.later > 0)
    return {
      first: words.submit.footerHeld(own.now, own.later, own.resumes === undefined ? words.submit.nextMonth : utcDayLong(own.resumes)),
      second: uses,
    };
  const better = estimates.slice(at + 1).find((other) => other.later === 0 && other.minutes <= own.minutes * 0.8);
  const sooner = better === undefined ? "" : words.submit.wouldFinish(tierTitle(better.tier), minutes(better.minutes));
  const first = busy ? words.submit.footerAlone(total, minutes(own.minutes)) : words.submit.footer(total, minutes(own.minutes));
  return { first, second: [uses, sooner].filter((part) => part !== "").join(" ") };
}
