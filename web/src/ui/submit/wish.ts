/** What a person wishes done with each row, by kind: why it cannot be done yet, the params of it, and what it is called. */
import { words } from "../words.ts";
import { split } from "./command.ts";
import { faultAt } from "./jsonplace.ts";
import { fieldsOf, hasLoneBrace } from "./template.ts";

export interface ChatWish {
  readonly prompt: string;
  readonly model: string;
  readonly system: string;
  /** A JSON Schema as text; empty for none. */
  readonly schema: string;
}

export interface Header {
  readonly name: string;
  readonly value: string;
}

export interface HttpWish {
  readonly url: string;
  readonly headers: readonly Header[];
}

export const NO_CHAT: ChatWish = { prompt: "", model: "", system: "", schema: "" };
export const NO_HTTP: HttpWish = { url: "", headers: [] };

/** The wishes of all kinds, of which `kind` says the one that counts. */
export interface Wishes {
  readonly kind: string;
  readonly command: string;
  readonly seconds: readonly [number, number];
  readonly fails: number;
  readonly chat: ChatWish;
  readonly http: HttpWish;
  readonly python: string;
}

const SECONDS_MAX = 3_600;

function templateFault(templates: readonly string[], columns: readonly string[]): string | undefined {
  if (hasLoneBrace(templates)) return words.submit.loneBrace;
  const unknown = fieldsOf(templates).find((name) => !columns.includes(name));
  return unknown === undefined ? undefined : words.submit.noColumn(unknown);
}

function commandFault({ command }: Wishes, columns: readonly string[]): string | undefined {
  const { argv, open } = split(command);
  if (open !== undefined) return words.submit.openQuote;
  if (argv.length === 0) return words.submit.noCommand;
  return templateFault(argv, columns);
}

/** The line and column of a place in a text, both from 1. */
function placeOf(text: string, at: number): string {
  const before = text.slice(0, at).split("\n");
  return words.submit.place(before.length, (before.at(-1)?.length ?? 0) + 1);
}

/** The schema, or why it is none; neither where nothing was written. */
export function schemaOf(text: string): { readonly schema?: unknown; readonly fault?: string } {
  if (text.trim() === "") return {};
  const wrong = faultAt(text);
  if (wrong !== undefined) return { fault: words.submit.schemaNoJson(placeOf(text, wrong)) };
  const schema: unknown = JSON.parse(text);
  const object = typeof schema === "object" && schema !== null && !Array.isArray(schema);
  return object ? { schema } : { fault: words.submit.schemaNoObject };
}

function chatFault({ chat }: Wishes, columns: readonly string[]): string | undefined {
  if (chat.prompt.trim() === "") return words.submit.noPrompt;
  if (chat.model.trim() === "") return words.submit.noModel;
  return templateFault([chat.prompt, chat.system], columns) ?? schemaOf(chat.schema).fault;
}

function headerFault(headers: readonly Header[]): string | undefined {
  const names = headers.map((header) => header.name.trim().toLowerCase());
  const at = headers.findIndex((header, index) => (names[index] === "") !== (header.value === ""));
  if (at !== -1) return names[at] === "" ? words.submit.headerNoName : words.submit.headerNoValue(headers[at]?.name.trim() ?? "");
  const twice = names.find((name, index) => name !== "" && names.indexOf(name) !== index);
  return twice === undefined ? undefined : words.submit.headerTwice(twice);
}

function httpFault({ http }: Wishes, columns: readonly string[]): string | undefined {
  const url = http.url.trim();
  if (url === "") return words.submit.noUrl;
  return templateFault([url], columns) ?? (/^(https?:\/\/.|\{)/i.test(url) ? undefined : words.submit.badUrl) ?? headerFault(http.headers);
}

function demoFault({ seconds: [least, most] }: Wishes): string | undefined {
  return least >= 0 && most <= SECONDS_MAX && least <= most ? undefined : words.submit.badSeconds;
}

/** Why this cannot be done with rows of these columns; `undefined` where it can. */
export function wishFault(wishes: Wishes, columns: readonly string[]): string | undefined {
  switch (wishes.kind) {
    case "command":
      return commandFault(wishes, columns);
    case "chat":
      return chatFault(wishes, columns);
    case "http":
      return httpFault(wishes, columns);
    case "python":
      return wishes.python.trim() === "" ? words.submit.noFunction : undefined;
    case "demo":
      return demoFault(wishes);
    default:
      return undefined;
  }
}

type Params = Readonly<Record<string, unknown>>;

function chatParams({ prompt, model, system, schema }: ChatWish): Params {
  const asked = schemaOf(schema).schema;
  return {
    prompt,
    model: model.trim(),
    ...(system.trim() === "" ? {} : { system }),
    ...(asked === undefined ? {} : { schema: asked }),
  };
}

function httpParams({ url, headers }: HttpWish): Params {
  const given = headers.filter((header) => header.name.trim() !== "").map((header) => [header.name.trim(), header.value]);
  return { url: url.trim(), ...(given.length === 0 ? {} : { headers: Object.fromEntries(given) }) };
}

function demoParams({ seconds: [least, most], fails }: Wishes): Params {
  const seconds = least === most ? least : [least, most];
  return fails > 0 ? { seconds, fail: fails / 100 } : { seconds };
}

export function paramsOf(wishes: Wishes): Params {
  switch (wishes.kind) {
    case "command":
      return { argv: split(wishes.command).argv };
    case "chat":
      return chatParams(wishes.chat);
    case "http":
      return httpParams(wishes.http);
    case "python":
      return { name: wishes.python.trim() };
    case "demo":
      return demoParams(wishes);
    default:
      return {};
  }
}

/** What a batch of it is called that nobody gave a name. */
export function wishName(wishes: Pick<Wishes, "kind" | "command" | "python">, count: number): string {
  if (wishes.kind === "demo") return words.submit.demoName(count);
  if (wishes.kind === "command") return split(wishes.command).argv[0]?.split("/").at(-1) ?? words.submit.pasted;
  if (wishes.kind === "python" && wishes.python.trim() !== "") return wishes.python.trim();
  return words.submit.kindName(words.submit.kinds[wishes.kind] ?? wishes.kind, count);
}
