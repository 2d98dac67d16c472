/** The first thing one reads, from two metres away: how many wait, and until when. */
import type { Eta, OfficeState, Queue } from "../state/office.ts";
import { useApp } from "./app.ts";
import { allAssumed, headlineOf, outcomeOf } from "./facts.ts";
import { about, clockTime, count, moment, range } from "./numbers.ts";
import { type Kinds, whyOf } from "./why.ts";
import { words } from "./words.ts";

export interface Until {
  readonly big: string;
  readonly small: string;
  /** Said after `small` where there is room for it. */
  readonly clock?: string;
  readonly look?: string;
}

function untilOf(eta: Eta | undefined, now: number, assumed: boolean): Until {
  if (eta === undefined) return { big: words.side.afterFirst, small: words.side.until, look: "soft" };
  if (assumed) return { big: words.side.roughly(about(eta[0] - now)), small: words.side.assumed };
  return { big: range(eta, now), small: words.side.until, clock: words.side.about(moment(eta[0], now)) };
}

function Figures({ queue, until }: { readonly queue: Queue; readonly until: Until }) {
  return (
    <>
      <div>
        <div class="huge">{count(queue.waiting)}</div>
        <div class="dim under">{words.side.waiting}</div>
      </div>
      <div class="right until">
        <div class={`large ${until.look ?? ""}`}>{until.big}</div>
        <div class="dim under">
          {until.small}
          {until.clock !== undefined && <span class="clock">{until.clock}</span>}
        </div>
      </div>
    </>
  );
}

/** The session that has just finished, from its beginning. */
function ReplayLatest() {
  const { api, view, lookBack } = useApp();
  const open = () =>
    api.recordings().then(
      ({ items: [latest] }) => (latest === undefined ? view.open({ kind: "recordings" }) : lookBack?.(latest.id)),
      () => view.open({ kind: "recordings" }),
    );
  return (
    <button type="button" class="link" onClick={() => void open()}>
      {words.side.replay}
    </button>
  );
}

function Finished({ state }: { readonly state: OfficeState }) {
  const { view, rights, lookBack } = useApp();
  const { done, failed, latest } = outcomeOf(state.batches);
  return (
    <div class="finished grow">
      <div class="large">{words.side.finished(clockTime(state.office.finished ?? 0))}</div>
      <div class="row between under">
        <span class="dim">{words.side.outcome(done, failed)}</span>
        <span class="row">
          {latest !== undefined && rights.asks && (
            <button type="button" class="link" onClick={() => view.open({ kind: "batch", id: latest })}>
              {words.side.results}
            </button>
          )}
          {lookBack !== undefined && rights.acts && <ReplayLatest />}
        </span>
      </div>
    </div>
  );
}

function Blank() {
  return (
    <>
      <div>
        <div class="huge ghost">–</div>
        <div class="dim under">{words.side.waiting}</div>
      </div>
      <div class="right large ghost">–</div>
    </>
  );
}

/** Until when, or why nothing starts; of an office whose work is done: when that was, and what came of it. */
export function outlook(state: OfficeState, kinds: Kinds, now: number): Until {
  const kind = headlineOf(state);
  if (kind === "finished") {
    const { done, failed } = outcomeOf(state.batches);
    return { big: words.side.finished(clockTime(state.office.finished ?? 0)), small: words.side.outcome(done, failed) };
  }
  const why = whyOf(state, kinds, now);
  if (why !== undefined) return { big: why.big, small: why.small, look: "honey" };
  if (kind === "empty") return { big: "", small: words.side.nothing };
  return untilOf(state.queue.eta, now, allAssumed(state.batches));
}

export function Headline() {
  const { store, view, kinds, now } = useApp();
  const state = store.state.value;
  const at = view.second.value >= 0 ? now() : 0;
  if (state === undefined) return <Blank />;
  if (headlineOf(state) === "finished") return <Finished state={state} />;
  return <Figures queue={state.queue} until={outlook(state, kinds.value, at)} />;
}
