/** A list of tasks as read in the page: its columns, its rows, and what is wrong with it, in the words the person sees. */
import { words } from "../words.ts";
import { guessDelimiter, rows } from "./rows.ts";

export const TASKS_MAX = 100_000;
const NAMED_MAX = 5;

export type Form = "table" | "lines" | "ndjson";

export interface Table {
  readonly form: Form;
  readonly columns: readonly string[];
  readonly rows: ReadonlyArray<readonly string[]>;
  /** The first few of what is wrong. */
  readonly problems: readonly string[];
  readonly wrong: number;
}

/** What a reading in slices says on the way: how many rows so far, and at the end the table. */
export type Reading = { readonly rows: number } | { readonly table: Table };

const SLICE = 4_000;

interface Findings {
  readonly named: readonly string[];
  readonly count: number;
  add(sentence: string): void;
}

/** Counts everything that is wrong and names the first few. */
function findings(): Findings {
  const named: string[] = [];
  let count = 0;
  return {
    named,
    get count() {
      return count;
    },
    add(sentence) {
      count += 1;
      if (named.length < NAMED_MAX) named.push(sentence);
    },
  };
}

function finished(form: Form, columns: readonly string[], body: ReadonlyArray<readonly string[]>, found: Findings): Reading {
  if (body.length === 0) found.add(words.submit.noRows);
  if (body.length > TASKS_MAX) found.add(words.submit.tooMany(body.length, TASKS_MAX));
  return { table: { form, columns, rows: body, problems: found.named, wrong: found.count } };
}

function header(cells: readonly string[], found: Findings): readonly string[] {
  const columns = cells.map((cell) => cell.trim());
  columns.forEach((name, index) => {
    if (name === "") found.add(words.submit.unnamed(index + 1));
    else if (columns.indexOf(name) !== index) found.add(words.submit.twice(name));
  });
  return columns;
}

function* readTable(text: string): Generator<Reading> {
  const found = findings();
  let columns: readonly string[] | undefined;
  const body: Array<readonly string[]> = [];
  for (const row of rows(text, guessDelimiter(text))) {
    if (columns === undefined) {
      columns = header(row.cells, found);
      continue;
    }
    body.push(row.cells);
    if (row.torn) found.add(words.submit.torn(body.length));
    else if (row.cells.length !== columns.length) found.add(words.submit.cells(body.length, row.cells.length, columns.length));
    if (body.length % SLICE === 0) yield { rows: body.length };
  }
  yield finished("table", columns ?? [], body, found);
}

function* readLines(text: string): Generator<Reading> {
  const body = text
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
  yield finished(
    "lines",
    ["line"],
    body.map((line) => [line]),
    findings(),
  );
}

function objectOf(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function shown(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

function* readNdjson(text: string): Generator<Reading> {
  const found = findings();
  const columns: string[] = [];
  const body: Array<readonly string[]> = [];
  for (const line of text.split(/\r?\n/)) {
    if (line.trim() === "") continue;
    const fields = objectOf(line);
    for (const name of Object.keys(fields ?? {})) if (!columns.includes(name)) columns.push(name);
    body.push(columns.map((name) => shown(fields?.[name])));
    if (fields === undefined) found.add(words.submit.noObject(body.length));
    if (body.length % SLICE === 0) yield { rows: body.length };
  }
  yield finished("ndjson", columns, body, found);
}

const READERS = { table: readTable, lines: readLines, ndjson: readNdjson } as const;

/** Reads in slices; the last value holds the table. */
export function read(text: string, form: Form): Generator<Reading> {
  return READERS[form](text);
}

/** What a text is by its name, or else by its first two rows: a table has the same two cells or more in both. */
export function guessForm(text: string, name?: string): Form {
  const ending = name?.toLowerCase().match(/\.([a-z]+)$/)?.[1];
  if (ending === "csv" || ending === "tsv") return "table";
  if (ending === "ndjson" || ending === "jsonl") return "ndjson";
  const first = text.slice(0, text.search(/\r|\n|$/));
  if (objectOf(first) !== undefined) return "ndjson";
  if (ending === "txt") return "lines";
  const reader = rows(text, guessDelimiter(text));
  const [head, next] = [reader.next().value, reader.next().value];
  return head && next && head.cells.length > 1 && head.cells.length === next.cells.length ? "table" : "lines";
}

function objectLines(source: string): readonly string[] {
  return source.split(/\r?\n/).filter((line) => line.trim() !== "");
}

/** The list without its first rows, which went ahead. */
export function rest(table: Table, source: string, after: number): { readonly table: Table; readonly text: string } {
  if (after === 0) return { table, text: source };
  const text = table.form === "ndjson" ? objectLines(source).slice(after).join("\n") : source;
  return { table: { ...table, rows: table.rows.slice(after) }, text };
}

/** Every row as the JSON of its input. What came as JSON is passed on as it came, so that no number loses digits. */
function inputs(table: Table, source: string): readonly string[] {
  if (table.form === "ndjson") return objectLines(source);
  return table.rows.map((cells) => JSON.stringify(Object.fromEntries(table.columns.map((name, index) => [name, cells[index] ?? ""]))));
}

/** One JSON body that holds the whole order; each task stands on a line of its own. */
export function bodyOf(members: object, table: Table, source: string, title: string | undefined): string {
  const at = Math.max(title === undefined ? 0 : table.columns.indexOf(title), 0);
  const tasks = inputs(table, source).map((input, row) => `{"title":${JSON.stringify(table.rows[row]?.[at] ?? "")},"input":${input}}`);
  return `${JSON.stringify(members).slice(0, -1)},"tasks":[\n${tasks.join(",\n")}\n]}`;
}

/** The list as it is sent: the very rows that were shown, one JSON object a line; plain lines as they are. */
export function payload(table: Table, source: string): { readonly type: "application/x-ndjson" | "text/plain"; readonly text: string } {
  if (table.form === "ndjson") return { type: "application/x-ndjson", text: source };
  if (table.form === "lines") return { type: "text/plain", text: table.rows.map((cells) => cells[0]).join("\n") };
  return { type: "application/x-ndjson", text: inputs(table, source).join("\n") };
}
