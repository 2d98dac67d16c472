/** The figures of the office in one line beneath it: what waits, the batches, until when. */
import type { Batch, OfficeState } from "../../state/office.ts";
import { useApp } from "../app.ts";
import { batchesInOrder, batchName, ended } from "../facts.ts";
import { outlook } from "../headline.tsx";
import { count } from "../numbers.ts";
import { BatchBar, Swatch } from "../parts.tsx";
import { words } from "../words.ts";
import { guestWords } from "./words.ts";

const WAITING = 128;
const UNTIL = 176;
const MORE = 96;
const EACH = 192;

type Row = readonly [string, Batch];

/**
 * Which batches are named: those under way in the order of their rows, which they keep; of those that have ended the
 * latest, where there is room.
 */
export function named(batches: OfficeState["batches"], most: number): readonly Row[] {
  const rows = batchesInOrder(batches);
  const open = rows.filter(([, batch]) => !ended(batch)).slice(0, most);
  const rest = most - open.length;
  const over = rest > 0 ? rows.filter(([, batch]) => ended(batch)).slice(-rest) : [];
  return [...over, ...open];
}

/** How many fit beside the figures. */
export function roomFor(width: number): number {
  return Math.max(1, Math.min(4, Math.floor((width - WAITING - UNTIL - MORE) / EACH)));
}

function BatchCell({ id, batch }: { readonly id: string; readonly batch: Batch }) {
  const { view } = useApp();
  return (
    <button type="button" id={`batch-${id}`} class="strip-batch" onClick={() => view.open({ kind: "batch", id })}>
      <span class="row">
        <Swatch order={batch.order} />
        <b class="grow clip">{batchName(batch)}</b>
        <span class="unseen">{words.batch.of(batch.done, batch.total)}</span>
      </span>
      <BatchBar {...batch} />
    </button>
  );
}

function Cells({ state }: { readonly state: OfficeState }) {
  const { view } = useApp();
  const rows = named(state.batches, roomFor(view.size.value.width));
  const more = Object.keys(state.batches).length - rows.length + (state.office.more ?? 0);
  return (
    <>
      {rows.map(([id, batch]) => (
        <BatchCell key={id} id={id} batch={batch} />
      ))}
      {more > 0 && (
        <button type="button" class="link small" title={`${guestWords.allBatches} (B)`} onClick={() => view.open({ kind: "batches" })}>
          {guestWords.moreBatches(more)}
        </button>
      )}
    </>
  );
}

export function Strip() {
  const { store, view, kinds, now } = useApp();
  const state = store.state.value;
  const at = view.second.value >= 0 ? now() : 0;
  const until = state === undefined ? { big: words.desk.unknown, small: words.side.until } : outlook(state, kinds.value, at);
  return (
    <section class="strip" aria-label={words.side.label}>
      <div class="row">
        <b class="strip-waiting">{state === undefined ? words.desk.unknown : count(state.queue.waiting)}</b>
        <span class="dim">{words.side.waiting}</span>
      </div>
      {state !== undefined && <Cells state={state} />}
      <div class="right strip-until">
        <b class={until.look ?? ""}>{until.big}</b>
        <div class="dim small">{until.small}</div>
      </div>
    </section>
  );
}
