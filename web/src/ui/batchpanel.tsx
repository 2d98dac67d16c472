/** One batch: how far, until when, what can be done about it, and its results. */
import { useState } from "preact/hooks";
import type { BatchDetail } from "../net/shapes.ts";
import { useApp } from "./app.ts";
import { type ControlAsk, useControl } from "./batchcontrol.ts";
import { BatchNotice } from "./batchnotice.tsx";
import { batchName, batchWhen, ended } from "./facts.ts";
import { useFetched } from "./fetched.ts";
import { type Figures, figuresOf } from "./figures.ts";
import { hue } from "./hue.ts";
import { Insights } from "./insights.tsx";
import { OverviewButton } from "./lookedat.tsx";
import { about, clockTime, count, moment } from "./numbers.ts";
import { BatchBar, Button, Confirm, Swatch, Waiting } from "./parts.tsx";
import { type Filter, Results } from "./results.tsx";
import { isUnasked } from "./why.ts";
import { words } from "./words.ts";

interface ControlsProps {
  readonly id: string;
  readonly figures: Figures;
  readonly control: ControlAsk;
  /** The server's reason stands below, with what can be done about it beside it. */
  readonly halted: boolean;
}

function Controls({ id, figures, control, halted }: ControlsProps) {
  const { view } = useApp();
  const { asked, trouble, ask } = control;
  const over = ended(figures) || halted;
  const left = figures.waiting + figures.running;
  const paused = figures.state === "paused";
  const turn = paused ? "resume" : "pause";
  return (
    <>
      {trouble !== undefined && <span class="red small clip">{trouble}</span>}
      {figures.done + figures.failed > 0 && (
        <Button
          look="s"
          glyph="share"
          title={words.batch.share}
          onClick={() => view.open({ kind: "share", subject: { batch: id, name: batchName(figures) } })}
        >
          {words.bar.share}
        </Button>
      )}
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
  readonly id: string;
  readonly figures: Figures;
  readonly told: BatchDetail | undefined;
  readonly now: number;
  readonly choose: (filter: Filter) => void;
}

function Head({ id, figures, told, now, choose }: HeadProps) {
  const { store, kinds } = useApp();
  const queue = store.queue.value;
  const unasked = isUnasked(id, figures, queue, kinds.value);
  return (
    <section class="batch-head">
      <div class="row">
        <Swatch order={figures.order} large />
        <h1 class="title grow">{batchName(figures)}</h1>
        <b class="large">{unasked ? words.batch.waiting : batchWhen(figures, queue, now)}</b>
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

const UNTIL_REFRESH_S = 10;

/** What HTTP has of it beyond the live state: asked anew with every change of state, and while it is held or fails. */
function useTold(id: string) {
  const { store, api, view, rights } = useApp();
  const live = store.batches.value[id];
  const turn = live?.state === "waiting" ? Math.floor(view.second.value / UNTIL_REFRESH_S) : 0;
  const fails = live?.state === "paused" ? live.failed : 0;
  const answer = useFetched(
    () => (rights.asks ? api.batch(id) : Promise.resolve(undefined)),
    [id, live?.state, live === undefined, turn, fails],
    true,
  );
  return {
    told: answer.value?.id === id ? answer.value : undefined,
    failed: answer.state === "failed" || (!rights.asks && live === undefined),
  };
}

interface BodyProps {
  readonly id: string;
  readonly figures: Figures;
  readonly told: BatchDetail | undefined;
  readonly control: ControlAsk;
}

function Body({ id, figures, told, control }: BodyProps) {
  const { view, rights, now } = useApp();
  const [filter, setFilter] = useState<Filter>("all");
  const [why, pick] = useState<string>();
  const at = view.second.value >= 0 ? now() : 0;
  function choose(next: Filter): void {
    pick(undefined);
    setFilter(next);
  }
  return (
    <>
      <Head id={id} figures={figures} told={told} now={at} choose={choose} />
      <BatchNotice id={id} figures={figures} told={told} control={control} />
      {rights.asks && <Insights batch={id} figures={figures} pick={pick} />}
      {rights.asks && (
        <Results
          batch={id}
          figures={figures}
          filter={filter}
          choose={choose}
          why={why}
          leave={() => pick(undefined)}
          kind={told?.kind}
          formats={told?.formats}
        />
      )}
    </>
  );
}

export function BatchPanel({ id }: { readonly id: string }) {
  const { store, view, rights } = useApp();
  const { told, failed } = useTold(id);
  const control = useControl(id);
  const live = store.batches.value[id];
  const figures = figuresOf(live, told);
  const halted = figures?.state === "paused" && told?.reason !== undefined;
  return (
    <div class="batch-panel">
      <header class="row walk">
        <Button look="s quiet" glyph="back" onClick={() => view.open({ kind: "sidebar" })}>
          {words.desk.back}
        </Button>
        <span class="grow" />
        {live !== undefined && <OverviewButton batch={id} />}
        {figures !== undefined && rights.acts && <Controls id={id} figures={figures} control={control} halted={halted} />}
      </header>
      {figures === undefined ? (
        <section class="batch-head">{failed ? <p class="lead">{words.batch.gone}</p> : <Waiting rows={3} height={20} />}</section>
      ) : (
        <Body key={id} id={id} figures={figures} told={told} control={control} />
      )}
    </div>
  );
}
