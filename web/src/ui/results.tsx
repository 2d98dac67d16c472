/** The tasks of a batch with what came of them: filtered, searched, ten a page, each row opens in place. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Task } from "../net/shapes.ts";
import { useApp } from "./app.ts";
import { useFetched } from "./fetched.ts";
import type { Figures } from "./figures.ts";
import { count } from "./numbers.ts";
import { Button, Icon, SearchField, Waiting } from "./parts.tsx";
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

/** The menu closes when the focus leaves it, and on Esc, which then closes nothing else. */
function closeBehind(event: FocusEvent): void {
  const menu = event.currentTarget;
  if (menu instanceof HTMLDetailsElement && !menu.contains(event.relatedTarget as Node | null)) menu.open = false;
}

function closeFirst(event: KeyboardEvent): void {
  const menu = event.currentTarget;
  if (event.key !== "Escape" || !(menu instanceof HTMLDetailsElement) || !menu.open) return;
  event.stopPropagation();
  menu.open = false;
}

function Export({ batch }: { readonly batch: string }) {
  const { api } = useApp();
  return (
    <details class="menu" onFocusOut={closeBehind} onKeyDown={closeFirst}>
      <summary class="btn">
        <Icon name="save" />
        {words.results.export}
        <Icon name="down" />
      </summary>
      <div class="menu-list">
        {(["csv", "ndjson", "json"] as const).map((format) => (
          <a key={format} href={api.resultsUrl(batch, format)} download>
            {words.results.formats[format]}
          </a>
        ))}
      </div>
    </details>
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

export interface ResultsProps {
  readonly batch: string;
  readonly figures: Figures;
  readonly filter: Filter;
  readonly choose: (filter: Filter) => void;
  /** What its tasks are, once that is known. */
  readonly kind: string | undefined;
}

export function Results({ batch, figures, filter, choose, kind }: ResultsProps) {
  const { api } = useApp();
  const [typed, type] = useState("");
  /** Where each page so far begins; the last is the one shown. */
  const [trail, setTrail] = useState<ReadonlyArray<string | undefined>>([undefined]);
  const [again, setAgain] = useState(0);
  const q = useSettled(typed.trim());
  const cursor = trail.at(-1);
  const state = filter === "all" ? undefined : filter;
  const news = useNews(figures);
  const answer = useFetched(
    (signal) => api.tasks(batch, { state, q, cursor, limit: PAGE }, signal),
    [batch, state, q, cursor, again, news],
    true,
  );
  useEffect(() => setTrail([undefined]), [filter]);
  const items = answer.value?.items;
  const next = answer.value?.next;
  const from = (trail.length - 1) * PAGE + 1;
  return (
    <>
      <section class="results-head row">
        <h2>{words.results.title}</h2>
        <Filters chosen={filter} figures={figures} choose={choose} />
        <span class="grow" />
        <SearchField
          label={words.results.search}
          value={typed}
          onType={(text) => {
            type(text);
            setTrail([undefined]);
          }}
        />
        <Export batch={batch} />
      </section>
      <section class="scroll results-body">
        {items === undefined && answer.state !== "failed" && <Waiting rows={PAGE} height={19} />}
        {items === undefined && answer.state === "failed" && (
          <div class="nothing centred">
            <b>{words.results.noAnswer}</b>
            <Button look="s" onClick={() => setAgain(again + 1)}>
              {words.results.again}
            </Button>
          </div>
        )}
        {items !== undefined && items.length === 0 && <Nothing query={q} clear={() => type("")} />}
        {items !== undefined && items.length > 0 && <TaskTable tasks={items} kind={kind} />}
      </section>
      <Pages
        span={
          items !== undefined && items.length > 0
            ? words.results.span(from, from + items.length - 1, q === "" ? amount(filter, figures) : undefined)
            : ""
        }
        back={trail.length === 1 ? undefined : () => setTrail(trail.slice(0, -1))}
        on={next === undefined ? undefined : () => setTrail([...trail, next])}
      />
    </>
  );
}
