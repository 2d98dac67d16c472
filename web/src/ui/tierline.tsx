/** The plan in one quiet line, and one sentence more: what is amiss or waits, else what a higher plan would do to this queue. */

import type { Estimate } from "../net/tiers.ts";
import { useApp } from "./app.ts";
import { useFetched } from "./fetched.ts";
import { atATime, minutes } from "./numbers.ts";
import { withRunning, worthOf } from "./plans/compare.ts";
import { type Line, purchaseLine, quotaLine, troubleLine } from "./plans/line.ts";
import { plansWords } from "./plans/words.ts";
import { tierTitle, words } from "./words.ts";

const REFRESH_S = 30;

/**
 * The first plan that would end this queue in four fifths of the time or less. True for this queue now or not said: only
 * from measured durations, and never where a quota would hold some of the tasks back.
 */
export function soonerPlan(
  estimates: readonly Estimate[],
  tier: string,
): { readonly tier: string; readonly sooner: number; readonly now: number } | undefined {
  const mine = estimates.find((estimate) => estimate.tier === tier);
  if (mine === undefined || mine.basis !== "measured" || mine.later > 0) return undefined;
  const better = worthOf(estimates, tier);
  return better === undefined ? undefined : { tier: better.tier, sooner: better.minutes, now: mine.minutes };
}

/** What each plan would make of the queue; of one that starts nothing now, nothing is asked. */
function useEstimates(): readonly Estimate[] {
  const { store, api, view, rights } = useApp();
  const state = store.state.value;
  const going = rights.acts && state !== undefined && state.queue.blocked === undefined;
  const running = state?.office.running ?? 0;
  const rest = going ? state.queue.waiting + running : 0;
  const turn = Math.floor(view.second.value / REFRESH_S);
  const answer = useFetched(
    async (signal) => (rest > 0 ? (await api.estimates(rest, signal)).map((each) => withRunning(each, running)) : []),
    [rest > 0, state?.office.tier, turn],
    true,
  );
  return rest > 0 ? (answer.value ?? []) : [];
}

/** What is amiss, else what waits for the month, else what would be sooner. */
function useLine(): Line | undefined {
  const { store, account, rights, view, now } = useApp();
  const estimates = useEstimates();
  const state = store.state.value;
  if (state === undefined || !rights.acts || view.second.value < 0) return undefined;
  const { tier } = state.office;
  const mine = estimates.find((each) => each.tier === tier);
  const first = troubleLine(account.value, now()) ?? quotaLine(state, mine);
  if (first !== undefined) return first;
  const sooner = soonerPlan(estimates, tier);
  if (sooner === undefined) return undefined;
  return { text: words.side.sooner(tierTitle(sooner.tier), minutes(sooner.sooner), minutes(sooner.now)), look: "dim" };
}

export function TierLine() {
  const { store, view, rights, purchase } = useApp();
  const office = store.office.value;
  const line = useLine();
  const bought = purchaseLine(purchase?.stage.value ?? "none", office?.tier ?? "");
  return (
    <>
      <div class="row between">
        <b>{office === undefined ? words.desk.unknown : `${tierTitle(office.tier)}, ${atATime(office.slots)}`}</b>
        {rights.acts && (
          <button type="button" class="link small" onClick={() => view.open({ kind: "plans" })}>
            {words.side.compare}
          </button>
        )}
      </div>
      <div class="small sooner">
        <span role="status" class={bought?.look}>
          {bought?.text}
        </span>
        {bought === undefined && <span class={line?.look}>{line?.text}</span>}{" "}
        {line?.account && (
          <button type="button" class="link" onClick={() => view.open({ kind: "account" })}>
            {plansWords.line.account}
          </button>
        )}
      </div>
    </>
  );
}
