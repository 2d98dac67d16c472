/** One batch: how far, until when, what can be done about it, and its results. */
import { useState } from "preact/hooks";
import type { Control } from "../net/api.ts";
import type { BatchDetail } from "../net/shapes.ts";
import { useApp } from "./app.ts";
import { batchWhen, ended } from "./facts.ts";
import { useFetched } from "./fetched.ts";
import { type Figures, figuresOf } from "./figures.ts";
import { hue } from "./hue.ts";
import { about, clockTime, count, moment } from "./numbers.ts";
import { BatchBar, Button, Confirm, Swatch, Waiting } from "./parts.tsx";
import { type Filter, Results } from "./results.tsx";
import { failureWords } from "./trouble.ts";
import { words } from "./words.ts";

function Controls({ id, figures }: { readonly id: string; readonly figures: Figures }) {
  const { api } = useApp();
  const [asked, setAsked] = useState<Control>();
  const [trouble, setTrouble] = useState<string>();
  function ask(what: Control): void {
    setTrouble(undefined);
    setAsked(what);
    api
      .control(id, what)
      .catch((error: unknown) => setTrouble(failureWords(error)))
      .finally(() => setAsked(undefined));
  }
  const over = ended(figures);
  const left = figures.waiting + figures.running;
  const paused = figures.state === "paused";
  const turn = paused ? "resume" : "pause";
  return (
    <>
      {trouble !== undefined && <span class="red small clip">{trouble}</span>}
      {!over && (
        <Button look="s" glyph={paused ? "play" : "pause"} disabled={asked === turn} onClick={() => ask(turn)}>
          {paused ? words.batch.resume : words.batch.pause}
        </Button>
      )}
      {figures.failed > 0 && (
        <Button look="s" glyph="retry" disabled={asked === "retry"} onClick={() => ask("retry")}>
          {words.batch.retry(figures.failed)}
        </Button>
      )}
      {!over && (
        <Confirm look="s" glyph="cross" sure={words.batch.cancelSure(left)} disabled={asked === "cancel"} onSure={() => ask("cancel")}>
          {words.batch.cancel}
        </Confirm>
      )}
    </>
  );
}

const LEGEND = ["done", "failed", "running", "waiting", "cancelled"] as const;

function Legend({ figures, choose }: { readonly figures: Figures; readonly choose: (filter: Filter) => void }) {
  return (
    <div class="row legend dim" style={{ color: hue(figures.order) }}>
      {LEGEND.filter((name) => name === "done" || figures[name] > 0).map((name) => (
        <button key={name} type="button" class="row" onClick={() => choose(name)}>
          <i class={`key-${name}`} aria-hidden="true" />
          <b class={name === "failed" ? "red" : "ink"}>{count(figures[name])}</b>
          <span class="dim">{words.batch.counts[name]}</span>
        </button>
      ))}
      <span class="grow" />
      <span class="dim">{words.batch.tasks(figures.total)}</span>
    </div>
  );
}

function kindWords(kind: string): string {
  return words.submit.kinds[kind] ?? kind.charAt(0).toUpperCase() + kind.slice(1);
}

function startedWords(told: BatchDetail | undefined): string {
  if (told === undefined) return "";
  const kind = kindWords(told.kind);
  return told.started === undefined ? words.batch.notStarted(kind) : words.batch.started(kind, clockTime(told.started));
}

function endWords(figures: Figures, told: BatchDetail | undefined, now: number): string {
  if (told?.ended !== undefined && ended(figures))
    return words.batch.endedAt(moment(told.ended, now), about(told.ended - (told.started ?? told.ended)));
  if (figures.eta === undefined || figures.state !== "running") return "";
  return words.batch.doneBy(moment(figures.eta[0], now), moment(figures.eta[1], now));
}

interface HeadProps {
  readonly figures: Figures;
  readonly told: BatchDetail | undefined;
  readonly now: number;
  readonly choose: (filter: Filter) => void;
}

function Head({ figures, told, now, choose }: HeadProps) {
  const { store } = useApp();
  return (
    <section class="batch-head">
      <div class="row">
        <Swatch order={figures.order} large />
        <h1 class="title grow">{figures.name}</h1>
        <b class="large">{batchWhen(figures, store.queue.value, now)}</b>
      </div>
      <div class="row between dim under">
        <span>{startedWords(told)}</span>
        <span>{endWords(figures, told, now)}</span>
      </div>
      <BatchBar {...figures} large />
      <Legend figures={figures} choose={choose} />
      {told?.kind === "demo" && <p class="small honey under">{words.batch.demo}</p>}
    </section>
  );
}

export function BatchPanel({ id }: { readonly id: string }) {
  const { store, api, view, now } = useApp();
  const [filter, setFilter] = useState<Filter>("all");
  const live = store.batches.value[id];
  const answer = useFetched(() => api.batch(id), [id, live?.state, live === undefined], true);
  const told = answer.value?.id === id ? answer.value : undefined;
  const figures = figuresOf(live, told);
  const at = view.second.value >= 0 ? now() : 0;
  return (
    <div class="batch-panel">
      <header class="row walk">
        <Button look="s quiet" glyph="back" onClick={() => view.open({ kind: "sidebar" })}>
          {words.desk.back}
        </Button>
        <span class="grow" />
        {figures !== undefined && <Controls id={id} figures={figures} />}
      </header>
      {figures === undefined ? (
        <section class="batch-head">
          {answer.state === "failed" ? <p class="lead">{words.batch.gone}</p> : <Waiting rows={3} height={20} />}
        </section>
      ) : (
        <>
          <Head figures={figures} told={told} now={at} choose={setFilter} />
          <Results key={id} batch={id} figures={figures} filter={filter} choose={setFilter} />
        </>
      )}
    </div>
  );
}
