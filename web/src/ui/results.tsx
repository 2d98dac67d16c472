/** The tasks of a batch with what came of them: filtered, searched, ten a page, each row opens in place. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { IconName } from "../icons.ts";
import type { Task } from "../net/shapes.ts";
import { useApp } from "./app.ts";
import { useFetched } from "./fetched.ts";
import type { Figures } from "./figures.ts";
import { count, elapsed } from "./numbers.ts";
import { Button, Icon, Waiting } from "./parts.tsx";
import { Detail } from "./result.tsx";
import { failedWords, words } from "./words.ts";

export const PAGE = 10;
const TYPING_MS = 250;

export type Filter = "all" | Task["state"];
/** Always offered; the others when a number in the head was pressed. */
const FILTERS: readonly Filter[] = ["all", "done", "failed"];
const GLYPHS: Readonly<Record<Task["state"], IconName>> = {
  waiting: "hourglass",
  running: "play",
  done: "check",
  failed: "bang",
  cancelled: "cross",
};

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

/** A result in one line: the text itself, else its fields. */
export function summary(result: unknown): string {
  if (result === undefined || result === null) return "";
  if (typeof result !== "object") return String(result);
  if (Array.isArray(result)) return JSON.stringify(result);
  const fields = Object.entries(result);
  const only = fields.length === 1 ? fields[0]?.[1] : undefined;
  if (typeof only === "string") return only.trim();
  return fields.map(([name, value]) => `${name} ${typeof value === "object" ? JSON.stringify(value) : String(value)}`).join(", ");
}

/** How long the last attempt took; nothing while it has not ended. */
export function took(task: Task): number | undefined {
  const last = task.executions.at(-1);
  return last?.ended === undefined ? undefined : last.ended - last.started;
}

function Row({ task, open, toggle }: { readonly task: Task; readonly open: boolean; readonly toggle: () => void }) {
  const ms = took(task);
  const failed = task.state === "failed";
  return (
    <>
      <tr class={open ? "open" : ""} onClick={toggle}>
        <td>
          <Icon name={GLYPHS[task.state]} tone={failed ? "red" : "dim"} />
        </td>
        <td>
          <button type="button" class="bare clip" aria-expanded={open}>
            {task.title}
          </button>
        </td>
        <td class="n">{ms === undefined ? "" : elapsed(ms)}</td>
        <td class="n">{task.executions.length > 0 ? count(task.executions.length) : ""}</td>
        <td class={failed ? "red what" : "dim what"}>{failed ? failedWords(task.reason, task.message) : summary(task.result)}</td>
      </tr>
      {open && (
        <tr class="detail">
          <td colSpan={5}>
            <Detail task={task} />
          </td>
        </tr>
      )}
    </>
  );
}

function Table({ tasks }: { readonly tasks: readonly Task[] }) {
  const [open, setOpen] = useState<string>();
  const { columns } = words.results;
  return (
    <table class="results">
      <thead>
        <tr>
          <th class="mark-column">
            <span class="unseen">{columns.state}</span>
          </th>
          <th class="task-column">{columns.task}</th>
          <th class="n took-column">{columns.took}</th>
          <th class="n attempts-column">{columns.attempts}</th>
          <th class="what">{columns.result}</th>
        </tr>
      </thead>
      <tbody>
        {tasks.map((task) => (
          <Row key={task.id} task={task} open={open === task.id} toggle={() => setOpen(open === task.id ? undefined : task.id)} />
        ))}
      </tbody>
    </table>
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

export interface ResultsProps {
  readonly batch: string;
  readonly figures: Figures;
  readonly filter: Filter;
  readonly choose: (filter: Filter) => void;
}

export function Results({ batch, figures, filter, choose }: ResultsProps) {
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
        <label class="field search">
          <Icon name="search" />
          <input
            id="search"
            type="search"
            placeholder={words.results.search}
            aria-label={words.results.search}
            value={typed}
            onInput={(event) => {
              type(event.currentTarget.value);
              setTrail([undefined]);
            }}
          />
        </label>
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
        {items !== undefined && items.length > 0 && <Table tasks={items} />}
      </section>
      <footer class="row between dim small pages">
        <span>
          {items !== undefined &&
            items.length > 0 &&
            words.results.span(from, from + items.length - 1, q === "" ? amount(filter, figures) : undefined)}
        </span>
        <span class="row">
          <Button
            look="s icon"
            glyph="back"
            label={words.results.previous}
            disabled={trail.length === 1}
            onClick={() => setTrail(trail.slice(0, -1))}
          />
          <Button
            look="s icon"
            glyph="next"
            label={words.results.next}
            disabled={next === undefined}
            onClick={() => setTrail([...trail, next])}
          />
        </span>
      </footer>
    </>
  );
}
