/** The tasks of a batch with what came of them: filtered, searched, ten a page, each row opens in place. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Format, Task } from "../net/shapes.ts";
import { useApp } from "./app.ts";
import { Export } from "./exportmenu.tsx";
import { batchName } from "./facts.ts";
import { useFetched } from "./fetched.ts";
import type { Figures } from "./figures.ts";
import { whyWords } from "./insight.ts";
import { count } from "./numbers.ts";
import { Button, SearchField, Waiting } from "./parts.tsx";
import { TaskTable } from "./tasktable.tsx";
import { words } from "./words.ts";

export const PAGE = 10;
const TYPING_MS = 250;

export type Filter = "all" | Task["state"];
/** Always offered; the others when a number in the head was pressed. */
const FILTERS: readonly Filter[] = ["all", "done", "failed"];

function amount(filter: Filter, figures: Figures): number {
  return filter === "all" ? figures.total : figures[filter];
}

function Filters({ chosen, figures, choose }: { chosen: Filter; figures: Figures; choose: (filter: Filter) => void }) {
  const shown = FILTERS.includes(chosen) ? FILTERS : [...FILTERS, chosen];
  return (
    <fieldset class="seg" aria-label={words.results.title}>
      {shown.map((filter) => (
        <button
          key={filter}
          type="button"
          class={filter === chosen ? "on" : ""}
          aria-pressed={filter === chosen}
          onClick={() => choose(filter)}
        >
          {filter === "all" ? words.results.all : words.results.states[filter]} {count(amount(filter, figures))}
        </button>
      ))}
    </fieldset>
  );
}

function Nothing({ query, clear }: { readonly query: string; readonly clear: () => void }) {
  return (
    <div class="nothing centred">
      <b>{query === "" ? words.results.nothing : words.results.none(query)}</b>
      {query !== "" && (
        <Button look="s" onClick={clear}>
          {words.results.clear}
        </Button>
      )}
    </div>
  );
}

/** The text, once nobody has typed for a moment. */
function useSettled(text: string): string {
  const [settled, settle] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => settle(text), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

/** What ended so far, looked at every other second: a batch of a thousand short tasks is no reason to ask a thousand times. */
function useNews(figures: Figures): number {
  const { view } = useApp();
  const ended = figures.done + figures.failed + figures.cancelled;
  const seen = useRef(ended);
  if (view.second.value % 2 === 0) seen.current = ended;
  return seen.current;
}

interface PagesProps {
  readonly span: string;
  /** Absent where there is no such page. */
  readonly back: (() => void) | undefined;
  readonly on: (() => void) | undefined;
}

export function Pages({ span, back, on }: PagesProps) {
  return (
    <footer class="row between dim small pages">
      <span>{span}</span>
      <span class="row">
        <Button look="s icon" glyph="back" label={words.results.previous} disabled={back === undefined} onClick={back} />
        <Button look="s icon" glyph="next" label={words.results.next} disabled={on === undefined} onClick={on} />
      </span>
    </footer>
  );
}

/** The rows asked for, and where one is in them. */
function usePages(
  batch: string,
  asked: { readonly state?: string | undefined; readonly q: string; readonly why?: string | undefined },
  news: number,
) {
  const { api } = useApp();
  /** Where each page so far begins; the last is the one shown. */
  const [trail, setTrail] = useState<ReadonlyArray<string | undefined>>([undefined]);
  const [again, setAgain] = useState(0);
  const { state, q, why } = asked;
  const cursor = trail.at(-1);
  const answer = useFetched(
    (signal) => api.tasks(batch, { state, q, why, cursor, limit: PAGE }, signal),
    [batch, state, q, why, cursor, again, news],
    true,
  );
  useEffect(() => setTrail([undefined]), [state, q, why]);
  const next = answer.value?.next;
  return {
    answer,
    from: (trail.length - 1) * PAGE + 1,
    again: () => setAgain(again + 1),
    back: trail.length === 1 ? undefined : () => setTrail(trail.slice(0, -1)),
    on: next === undefined ? undefined : () => setTrail([...trail, next]),
  };
}

/** Only those that failed for one reason: said in words, with the way back beside it. */
function Only({ why, leave }: { readonly why: string; readonly leave: () => void }) {
  return (
    <>
      <span class="red clip">{words.batch.oneReason(whyWords(why))}</span>
      <Button look="s" glyph="cross" onClick={leave}>
        {words.batch.showAll}
      </Button>
    </>
  );
}

export interface ResultsProps {
  readonly batch: string;
  readonly figures: Figures;
  readonly filter: Filter;
  readonly choose: (filter: Filter) => void;
  /** Only those that failed for it; `leave` shows all again. */
  readonly why: string | undefined;
  readonly leave: () => void;
  /** What its tasks are, once that is known. */
  readonly kind: string | undefined;
  /** As what they can be had, once that is known. */
  readonly formats: readonly Format[] | undefined;
}

export function Results({ batch, figures, filter, choose, why, leave, kind, formats }: ResultsProps) {
  const [typed, type] = useState("");
  const q = useSettled(typed.trim());
  const state = filter === "all" || why !== undefined ? undefined : filter;
  const { answer, from, again, back, on } = usePages(batch, { state, q, why }, useNews(figures));
  const items = answer.value?.items;
  const total = q === "" && why === undefined ? amount(filter, figures) : undefined;
  return (
    <>
      <section class="results-head row">
        <h2>{words.results.title}</h2>
        {why === undefined ? <Filters chosen={filter} figures={figures} choose={choose} /> : <Only why={why} leave={leave} />}
        <span class="grow" />
        <SearchField label={words.results.search} value={typed} onType={type} />
        <Export batch={batch} name={batchName(figures)} formats={formats} />
      </section>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls is reached by keyboard */}
      <section class="scroll results-body" tabIndex={0} aria-label={words.results.title}>
        {items === undefined && answer.state !== "failed" && <Waiting rows={PAGE} height={19} />}
        {items === undefined && answer.state === "failed" && (
          <div class="nothing centred">
            <b>{words.results.noAnswer}</b>
            <Button look="s" onClick={again}>
              {words.results.again}
            </Button>
          </div>
        )}
        {items !== undefined && items.length === 0 && <Nothing query={q} clear={() => type("")} />}
        {items !== undefined && items.length > 0 && <TaskTable tasks={items} kind={kind} />}
      </section>
      <Pages
        span={items !== undefined && items.length > 0 ? words.results.span(from, from + items.length - 1, total) : ""}
        back={back}
        on={on}
      />
    </>
  );
}
