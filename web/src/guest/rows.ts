/**
 * The results of a batch as a link gives them, read as they come and no further than a page can hold.
 * JSON, because every plan has it; the server writes one object of the array a line.
 */

import type { Fetch, Http } from "../net/http.ts";
import { Problem, Unreachable, url } from "../net/http.ts";
import { integer, object, oneOf, optional, ReadError, text } from "../net/read.ts";
import type { BatchDetail, Format, Task, TaskState } from "../net/shapes.ts";
import { batch } from "../net/shapes.ts";

const STATES: readonly TaskState[] = ["waiting", "running", "done", "failed", "cancelled"];

/** More rows than anybody pages through, and more text than a phone should hold; a download has all. */
export const ROWS_MAX = 5_000;
export const ROWS_CHARACTERS_MAX = 24_000_000;

export interface Rows {
  readonly tasks: readonly Task[];
  /** Whether there were more than were read. */
  readonly cut: boolean;
}

/** Lines of the array that are no row. */
const FRAME: ReadonlySet<string> = new Set(["[", "]", "[]"]);
const COMMA = /,$/;

/** @throws ReadError when the line is none of ours */
export function rowOf(line: string): Task {
  const fields = object(parsed(line), "row");
  return {
    id: text(fields["task"], "row.task"),
    batch: "",
    title: text(fields["title"], "row.title"),
    state: oneOf(fields["state"], STATES, "row.state"),
    attempts: integer(fields["attempts"], "row.attempts"),
    input: fields["input"],
    result: fields["result"] ?? undefined,
    reason: optional(fields["reason"], text, "row.reason"),
    message: optional(fields["message"], text, "row.message"),
    executions: [],
  };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new ReadError(`row: expected JSON, got ${line.slice(0, 40)}`);
  }
}

/**
 * Reads whole lines as they come, in pieces of any size.
 * @param tell told how many there are so far
 */
export async function readRows(pieces: AsyncIterable<string>, tell: (rows: number) => void): Promise<Rows> {
  const tasks: Task[] = [];
  let rest = "";
  let last = "";
  let characters = 0;
  for await (const piece of pieces) {
    const lines = (rest + piece).split("\n");
    rest = lines.pop() ?? "";
    last = lines.at(-1) ?? last;
    for (const line of lines) {
      characters += line.length;
      if (tasks.length >= ROWS_MAX || characters > ROWS_CHARACTERS_MAX) return { tasks, cut: true };
      if (!FRAME.has(line)) tasks.push(rowOf(line.replace(COMMA, "")));
    }
    tell(tasks.length);
  }
  if (last !== "]" && last !== "[]") throw new ReadError("row: expected all rows, got an answer that was cut off");
  return { tasks, cut: false };
}

/** Breaking off ends the request too. */
async function* decoded(body: ReadableStream<Uint8Array>): AsyncIterable<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield decoder.decode(next.value, { stream: true });
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

export interface Results {
  about(): Promise<BatchDetail>;
  rows(tell: (rows: number) => void): Promise<Rows>;
  file(format: Format): Promise<Blob>;
}

export function createResults(http: Http, fetch: Fetch, id: string): Results {
  async function body(format: Format): Promise<Response> {
    const response = await fetch(url(`/batches/${id}/results`, { format }), { method: "GET" }).catch((error: unknown) => {
      throw error instanceof Problem ? error : new Unreachable("The server does not answer");
    });
    if (!response.ok) throw new Problem(response.status, "unknown", `The server answered ${response.status}`, undefined);
    return response;
  }
  return {
    about: async () => batch(await http.ask(`/batches/${id}`)),
    async rows(tell) {
      const { body: stream } = await body("json");
      return stream === null ? { tasks: [], cut: false } : readRows(decoded(stream), tell);
    },
    file: async (format) => (await body(format)).blob(),
  };
}
