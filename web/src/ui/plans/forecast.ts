/** What each plan would make of what waits here now; of a hundred tasks where nothing does. */
import type { Estimate } from "../../net/tiers.ts";
import { useApp } from "../app.ts";
import { useFetched } from "../fetched.ts";
import { measuredTime } from "../numbers.ts";
import { withRunning } from "./compare.ts";
import { plansWords as said } from "./words.ts";

/** So many are reckoned with where the queue is empty. */
export const EXAMPLE = 100;
const REFRESH_S = 30;

export interface Forecast {
  readonly total: number;
  /** Whether these are tasks of this office, and not an example. */
  readonly mine: boolean;
  readonly estimates: readonly Estimate[];
  /** How it was counted, in a sentence. */
  readonly basis: string;
}

function basisOf(first: Estimate | undefined): string {
  if (first === undefined) return "";
  const each = measuredTime(first.each * 1_000);
  return first.basis === "measured" ? said.measured(each) : said.assumed(each);
}

/** Asked for anew twice a minute, and when the plan has changed; a number that has been asked about stays until then. */
export function useForecast(): Forecast {
  const { api, store, view } = useApp();
  const state = store.state.value;
  const waits = state === undefined ? 0 : state.queue.waiting + state.office.running;
  const running = state?.office.running ?? 0;
  const total = waits > 0 ? waits : EXAMPLE;
  const asked = useFetched(
    async (signal) => ({ total, mine: waits > 0, estimates: await api.estimates(total, signal), running: waits > 0 ? running : 0 }),
    [waits > 0, state?.office.tier, state?.office.slots, Math.floor(view.second.value / REFRESH_S)],
    true,
  );
  const found = asked.value;
  const estimates = (found?.estimates ?? []).map((each) => withRunning(each, found?.running ?? 0));
  return { total: found?.total ?? total, mine: found?.mine ?? waits > 0, estimates, basis: basisOf(estimates[0]) };
}
