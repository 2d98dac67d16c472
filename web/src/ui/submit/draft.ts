/** The list being prepared: it outlives the panel, so that closing it loses nothing. */
import { type Signal, signal } from "@preact/signals";
import type { Eta } from "../../state/office.ts";
import { decode } from "./decode.ts";
import { type Form, guessForm, read, type Table } from "./table.ts";
import { type ChatWish, type HttpWish, NO_CHAT, NO_HTTP } from "./wish.ts";

export interface Source {
  /** The file's name; absent for pasted lines. */
  readonly name?: string | undefined;
  readonly text: string;
  readonly form: Form;
}

export type Step = { readonly at: "empty" | "pasting" | "read" | "unreadable" } | { readonly at: "reading"; readonly rows: number };

/** The first rows went ahead as a batch of their own; the rest may follow as long as nothing was changed since. */
export interface Trial {
  readonly batch: string;
  readonly rows: number;
  readonly table: Table;
  /** What was done with each row, as text to compare. */
  readonly mark: string;
}

/** What the server promised of the batch that was started last: moments in its own time. */
export interface Started {
  readonly id: string;
  readonly name: string;
  readonly total: number;
  readonly eta: Eta;
}

export interface Draft {
  readonly step: Signal<Step>;
  readonly source: Signal<Source | undefined>;
  readonly table: Signal<Table | undefined>;
  /** Which column names the tasks. */
  readonly title: Signal<string | undefined>;
  readonly kind: Signal<string>;
  readonly command: Signal<string>;
  readonly seconds: Signal<readonly [number, number]>;
  /** How many in a hundred fail. */
  readonly fails: Signal<number>;
  readonly chat: Signal<ChatWish>;
  readonly http: Signal<HttpWish>;
  /** The name of the Python function. */
  readonly python: Signal<string>;
  /** Absent: as many as the kind has. */
  readonly attempts: Signal<number | undefined>;
  /** Absent: as long as the server gives. */
  readonly minutes: Signal<number | undefined>;
  readonly trial: Signal<Trial | undefined>;
  readonly started: Signal<Started | undefined>;
  readonly name: Signal<string | undefined>;
  takeFile(file: Blob & { readonly name: string }): Promise<void>;
  takeText(text: string, form?: Form): Promise<void>;
  /** Reads what has been typed so far and leaves the person in the field. */
  typing(text: string): Promise<void>;
  /** Shows what was typed as it was understood, if there was anything. */
  typed(): void;
  reform(form: Form): Promise<void>;
  paste(): void;
  clear(): void;
}

/** @param breathe gives the page a turn between two slices of a long list */
export function createDraft(breathe: () => Promise<void>): Draft {
  const step = signal<Step>({ at: "empty" });
  const source = signal<Source | undefined>(undefined);
  const table = signal<Table | undefined>(undefined);
  const title = signal<string | undefined>(undefined);
  const name = signal<string | undefined>(undefined);
  const trial = signal<Trial | undefined>(undefined);
  const http = signal(NO_HTTP);
  let turn = 0;

  async function take(from: Source, after: "read" | "pasting" = "read"): Promise<void> {
    turn += 1;
    const mine = turn;
    if (after === "read") table.value = undefined;
    for (const reading of read(from.text, from.form)) {
      if (mine !== turn) return;
      if ("table" in reading) {
        source.value = from;
        table.value = reading.table;
        title.value = reading.table.columns[0];
        step.value = { at: after };
      } else {
        if (after === "read") step.value = { at: "reading", rows: reading.rows };
        await breathe();
      }
    }
  }

  return {
    step,
    source,
    table,
    title,
    name,
    kind: signal("command"),
    command: signal(""),
    seconds: signal<readonly [number, number]>([4, 12]),
    fails: signal(0),
    chat: signal(NO_CHAT),
    http,
    python: signal(""),
    attempts: signal<number | undefined>(undefined),
    minutes: signal<number | undefined>(undefined),
    trial,
    started: signal<Started | undefined>(undefined),
    async takeFile(file) {
      step.value = { at: "reading", rows: 0 };
      const bytes = await file.arrayBuffer().catch(() => undefined);
      if (bytes === undefined) {
        step.value = { at: "unreadable" };
        return;
      }
      const text = decode(new Uint8Array(bytes));
      await take({ name: file.name, text, form: guessForm(text, file.name) });
    },
    takeText: (text, form) => take({ text, form: form ?? guessForm(text) }),
    async typing(text) {
      if (text.trim() !== "") return take({ text, form: guessForm(text) }, "pasting");
      turn += 1;
      source.value = table.value = undefined;
    },
    typed() {
      if (table.value !== undefined) step.value = { at: "read" };
    },
    async reform(form) {
      if (source.value !== undefined) await take({ ...source.value, form });
    },
    paste() {
      turn += 1;
      step.value = { at: "pasting" };
      table.value = undefined;
    },
    clear() {
      turn += 1;
      step.value = { at: "empty" };
      source.value = undefined;
      table.value = undefined;
      name.value = undefined;
      trial.value = undefined;
      // Values of headers may be secrets: with the list that needed them they are gone.
      http.value = { ...http.value, headers: http.value.headers.map((header) => ({ ...header, value: "" })) };
    },
  };
}
