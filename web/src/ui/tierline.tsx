/** The plan in one quiet line, and one sentence more only where a higher plan would change this queue's end by a fifth or more. */
import type { Estimate } from "../net/shapes.ts";
import type { OfficeState } from "../state/office.ts";
import { useApp } from "./app.ts";
import { useFetched } from "./fetched.ts";
import { minutes } from "./numbers.ts";
import { atATime, tierTitle, words } from "./words.ts";

const REFRESH_S = 30;
const WORTH = 0.8;

/**
 * The first plan that would end this queue in four fifths of the time or less. True for this queue now or not said: only
 * from measured durations, and never where a quota would hold some of the tasks back.
 */
export function soonerPlan(
  estimates: readonly Estimate[],
  tier: string,
): { readonly tier: string; readonly sooner: number; readonly now: number } | undefined {
  const at = estimates.findIndex((estimate) => estimate.tier === tier);
  const mine = estimates[at];
  if (mine === undefined || mine.basis !== "measured" || mine.later > 0) return undefined;
  const better = estimates.slice(at + 1).find((other) => other.later === 0 && other.minutes <= mine.minutes * WORTH);
  return better === undefined ? undefined : { tier: better.tier, sooner: better.minutes, now: mine.minutes };
}

function restOf(state: OfficeState | undefined): number {
  return state === undefined || state.queue.blocked !== undefined ? 0 : state.queue.waiting + state.office.running;
}

export function TierLine() {
  const { store, api, view, rights } = useApp();
  const office = store.office.value;
  const rest = rights.acts ? restOf(store.state.value) : 0;
  const turn = Math.floor(view.second.value / REFRESH_S);
  const answer = useFetched(
    (signal) => (rest > 0 ? api.estimates(rest, signal) : Promise.resolve([])),
    [rest > 0, office?.tier, turn],
    true,
  );
  const sooner = office === undefined || rest === 0 ? undefined : soonerPlan(answer.value ?? [], office.tier);
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
      <div class="dim small sooner">
        {sooner !== undefined && words.side.sooner(tierTitle(sooner.tier), minutes(sooner.sooner), minutes(sooner.now))}
      </div>
    </>
  );
}
