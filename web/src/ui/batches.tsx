/** Batches as rows: swatch, name, when, bar, counts in words. Rows keep their place; new ones join at the end. */
import type { Batch } from "../state/office.ts";
import { useApp } from "./app.ts";
import { batchesInOrder, batchName, batchWhen, ended, waitingOf } from "./facts.ts";
import { utcDay } from "./numbers.ts";
import { BatchBar, Swatch, Waiting } from "./parts.tsx";
import { isUnasked } from "./why.ts";
import { words } from "./words.ts";

function BatchRow({ id, batch }: { readonly id: string; readonly batch: Batch }) {
  const { store, view, draft, kinds, now } = useApp();
  const at = view.second.value >= 0 ? now() : 0;
  const queue = store.queue.value;
  const started = draft.started.value;
  const promised = batch.eta === undefined && started?.id === id ? { ...batch, eta: started.eta } : batch;
  const limited = batch.state === "waiting" && queue?.blocked === "ratelimit";
  const unasked = isUnasked(id, batch, queue, kinds.value);
  const quota = batch.state === "waiting" && queue?.blocked === "quota" ? queue.until : undefined;
  const untouched = batch.state === "queued" && batch.done + batch.failed + batch.running === 0;
  return (
    <button type="button" id={`batch-${id}`} class="batch" onClick={() => view.open({ kind: "batch", id })}>
      <span class="row">
        <Swatch order={batch.order} />
        <b class="grow clip">{batchName(batch)}</b>
        <span class={ended(batch) ? "nowrap dim" : "nowrap"}>{unasked ? words.batch.waiting : batchWhen(promised, queue, at)}</span>
      </span>
      <BatchBar {...batch} />
      <span class="facts">
        <span>{words.batch.of(batch.done, batch.total)}</span>
        {batch.failed > 0 && <span class="red">{words.batch.failed(batch.failed)}</span>}
        {batch.running > 0 && <span>{words.batch.running(batch.running)}</span>}
        {untouched && !unasked && <span>{words.batch.next}</span>}
        {unasked && <span class="honey">{words.why.runners}</span>}
        {limited && <span class="honey">{words.why.limit}</span>}
        {quota !== undefined && <span class="honey">{words.batch.goesOn(utcDay(quota))}</span>}
      </span>
    </button>
  );
}

function summary(batches: readonly Batch[]): string {
  const running = batches.filter((batch) => batch.running > 0).length;
  const done = batches.filter(ended).length;
  const waiting = batches.filter((batch) => batch.running === 0 && !ended(batch) && waitingOf(batch) > 0).length;
  return words.batch.summary({ running, waiting, done });
}

function NoBatches() {
  const { view, rights } = useApp();
  return (
    <p class="dim nothing">
      {words.side.noBatches}{" "}
      {rights.acts && (
        <button type="button" class="link" onClick={() => view.open({ kind: "add" })}>
          {words.bar.add}
        </button>
      )}
    </p>
  );
}

export function Batches() {
  const { store } = useApp();
  const state = store.state.value;
  const rows = batchesInOrder(store.batches.value);
  const more = state?.office.more ?? 0;
  return (
    <>
      <div class="row between head">
        <h2 id="batches" tabIndex={-1}>
          {words.side.batches}
        </h2>
        <span class="dim small">{summary(rows.map(([, batch]) => batch))}</span>
      </div>
      <div class="scroll rows">
        {state === undefined ? <Waiting rows={4} /> : rows.map(([id, batch]) => <BatchRow key={id} id={id} batch={batch} />)}
        {more > 0 && <p class="dim small nothing">{words.side.more(more)}</p>}
        {state !== undefined && rows.length === 0 && <NoBatches />}
      </div>
    </>
  );
}
