/** A result as one reads it: its text as prose, its fields by name, and what a chat took in a line of its own. */
import { words } from "./words.ts";

export interface Readable {
  /** What it says, where it says something. */
  readonly text?: string | undefined;
  readonly fields: ReadonlyArray<readonly [name: string, value: string]>;
  /** Tokens and dollars of a chat. */
  readonly usage: string;
}

type Write = (value: unknown) => string;
type Fields = Readonly<Record<string, unknown>>;

const SUMMARY_CHARACTERS_MAX = 300;

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** JSON as one reads it; text as it is. */
export function pretty(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value, undefined, 2);
}

/** What a chat took stands beside its answer under these names, unless the answer itself has a field called so. */
function usageName(fields: Fields, name: string): string {
  return `usage_${name}` in fields ? `usage_${name}` : name;
}

function dollars(cost: number): string {
  return cost.toFixed(6).replace(/\.?0+$/, "");
}

function usageOf(fields: Fields): { readonly names: readonly string[]; readonly words: string } {
  const parts: Array<readonly [string, string]> = [];
  const take = (name: string, say: (value: unknown) => string | undefined) => {
    const at = usageName(fields, name);
    const said = say(fields[at]);
    if (said !== undefined) parts.push([at, said]);
  };
  take("input_tokens", (value) => (typeof value === "number" ? words.results.tokensIn(value) : undefined));
  take("output_tokens", (value) => (typeof value === "number" ? words.results.tokensOut(value) : undefined));
  take("cost", (value) => (typeof value === "number" ? words.results.cost(dollars(value)) : undefined));
  take("cut", (value) => (value === true ? words.results.cut : undefined));
  return { names: parts.map(([name]) => name), words: parts.map(([, said]) => said).join(", ") };
}

function shown(value: unknown, write: Write): string {
  if (typeof value === "string") return value;
  return value === null ? "" : write(value);
}

/** @param kind what the task is, once that is known; @param write how values that are no text are written */
export function readable(result: unknown, kind: string | undefined, write: Write = pretty): Readable {
  if (result === undefined || result === null) return { fields: [], usage: "" };
  if (!isFields(result)) return { text: shown(result, write), fields: [], usage: "" };
  const usage = kind === "chat" ? usageOf(result) : { names: [], words: "" };
  const text = typeof result["text"] === "string" ? result["text"].trim() : undefined;
  const rest = Object.entries(result).filter(([name]) => !usage.names.includes(name) && !(name === "text" && text !== undefined));
  return { text, fields: rest.map(([name, value]) => [name, shown(value, write)]), usage: usage.words };
}

function compact(value: string): string {
  return value.replace(/\s+/g, " ");
}

/** A result in one line: what it says, else its fields. */
export function summary(result: unknown, kind: string | undefined): string {
  const { text, fields } = readable(result, kind, JSON.stringify);
  const said = [text ?? "", fields.map(([name, value]) => `${name} ${value}`).join(", ")];
  return compact(said.filter((part) => part !== "").join(" · ")).slice(0, SUMMARY_CHARACTERS_MAX);
}
