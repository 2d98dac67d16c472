/** Every request the page makes, one function each; paths and shapes are those of the HTTP interface. */
import { type Accounts, createAccounts } from "./account.ts";
import { type BatchFigures, batchFigures } from "./figures.ts";
import type { Ask, Http } from "./http.ts";
import { type Link, type LinkWish, link, type Shared, shared, wishJson } from "./links.ts";
import { type KeyWish, type OwnKey, ownKey } from "./ownkeys.ts";
import { createPictures, type Pictures } from "./pictures.ts";
import {
  type BatchDetail,
  batch,
  type Format,
  type Kind,
  kind,
  type LogTail,
  logTail,
  type Made,
  made,
  type Page,
  page,
  type RecordingRow,
  recordingRow,
  type Task,
  task,
} from "./shapes.ts";
import { type Estimate, estimate, type Tier, tier } from "./tiers.ts";
import type { Webhooks } from "./webhooks.ts";

export type Control = "pause" | "resume" | "cancel" | "retry";

export interface TaskQuery {
  readonly state?: string | undefined;
  readonly q?: string | undefined;
  /** Only those that failed for it. */
  readonly why?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/**
 * A list of work as it is sent: its text with a type, and how to read it. JSON holds all of this itself, and is taken where
 * params are too long or too secret for an address.
 */
export interface Submission {
  readonly name: string;
  readonly kind: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly type: "text/csv" | "application/x-ndjson" | "text/plain" | "application/json";
  readonly text: string;
  readonly title?: string | undefined;
  readonly attempts?: number | undefined;
  /** Seconds that an attempt may take. */
  readonly timeout?: number | undefined;
  readonly tryFirst?: number | undefined;
}

export interface Api extends Pictures, Accounts {
  session(token: string): Promise<void>;
  tiers(): Promise<readonly Tier[]>;
  estimates(tasks: number, signal?: AbortSignal): Promise<readonly Estimate[]>;
  kinds(): Promise<readonly Kind[]>;
  batch(id: string): Promise<BatchDetail>;
  batches(): Promise<Page<BatchDetail>>;
  /** What ended in it, in figures. */
  figures(id: string, signal?: AbortSignal): Promise<BatchFigures>;
  /** @param why with `retry`: only those that failed for it */
  control(id: string, what: Control, why?: string): Promise<void>;
  tasks(batch: string, query: TaskQuery, signal?: AbortSignal): Promise<Page<Task>>;
  task(id: string): Promise<Task>;
  cancelTask(id: string): Promise<void>;
  retryTask(id: string): Promise<void>;
  log(execution: string, after: number, signal?: AbortSignal): Promise<LogTail>;
  /** Newest first. */
  recordings(cursor?: string, signal?: AbortSignal): Promise<Page<RecordingRow>>;
  submit(work: Submission, key: string): Promise<Made>;
  links(signal?: AbortSignal): Promise<readonly Link[]>;
  share(wish: LinkWish): Promise<Shared>;
  revoke(id: string): Promise<void>;
  /** Gives a link another secret; the one before works for `grace` more seconds. */
  rotate(link: Link, grace: number): Promise<Shared>;
  ownKeys(signal?: AbortSignal): Promise<readonly OwnKey[]>;
  putKey(wish: KeyWish): Promise<void>;
  deleteKey(provider: string): Promise<void>;
  /** Few look after webhooks: what asks for them comes with the first who does. */
  webhooks(): Promise<Webhooks>;
  /** The results as a file; fails where the answer breaks off. */
  resultsFile(batch: string, format: Format, signal?: AbortSignal): Promise<Blob>;
}

/** A page of recordings: as many as anybody scrolls through at once. */
const RECORDINGS = 20;

function signalled(signal: AbortSignal | undefined): Ask {
  return signal === undefined ? {} : { signal };
}

function submission(work: Submission, key: string): Ask {
  const { name, kind, title, attempts, timeout, tryFirst } = work;
  const query = { name, kind, params: JSON.stringify(work.params), title, attempts, timeout, try: tryFirst };
  const whole = work.type === "application/json";
  return { method: "POST", query: whole ? {} : query, body: { type: work.type, data: work.text }, key };
}

export function createApi(http: Pick<Http, "ask" | "file">): Api {
  const post = async (path: string) => void (await http.ask(path, { method: "POST" }));
  return {
    session: async (token) => void (await http.ask("/session", { method: "POST", json: { token } })),
    ...createAccounts(http),
    tiers: async () => page(await http.ask("/tiers"), tier).items,
    estimates: async (tasks, signal) => page(await http.ask("/estimate", { query: { tasks }, ...signalled(signal) }), estimate).items,
    kinds: async () => page(await http.ask("/kinds"), kind).items,
    batch: async (id) => batch(await http.ask(`/batches/${id}`)),
    batches: async () => page(await http.ask("/batches", { query: { limit: 100 } }), batch),
    figures: async (id, signal) => batchFigures(await http.ask(`/batches/${id}/figures`, signalled(signal))),
    control: async (id, what, why) => void (await http.ask(`/batches/${id}/${what}`, { method: "POST", ...(why && { query: { why } }) })),
    tasks: async (id, query, signal) => page(await http.ask(`/batches/${id}/tasks`, { query: { ...query }, ...signalled(signal) }), task),
    task: async (id) => task(await http.ask(`/tasks/${id}`)),
    cancelTask: (id) => post(`/tasks/${id}/cancel`),
    retryTask: (id) => post(`/tasks/${id}/retry`),
    log: async (id, after, signal) => logTail(await http.ask(`/executions/${id}/log`, { query: { after }, ...signalled(signal) })),
    recordings: async (cursor, signal) =>
      page(await http.ask("/recordings", { query: { cursor, limit: RECORDINGS }, ...signalled(signal) }), recordingRow),
    ...createPictures(http),
    submit: async (work, key) => made(await http.ask("/batches", submission(work, key))),
    links: async (signal) => page(await http.ask("/links", { query: { limit: 100 }, ...signalled(signal) }), link).items,
    share: async (wish) => shared(await http.ask("/links", { method: "POST", json: wishJson(wish) })),
    revoke: async (id) => void (await http.ask(`/links/${id}`, { method: "DELETE" })),
    rotate: async (old, grace) => shared(await http.ask(`/links/${old.id}/rotate`, { method: "POST", json: { grace } }), old),
    ownKeys: async (signal) => page(await http.ask("/keys", signalled(signal)), ownKey).items,
    putKey: async ({ provider, key, base }) =>
      void (await http.ask(`/keys/${encodeURIComponent(provider)}`, { method: "PUT", json: { key, ...(base && { base }) } })),
    deleteKey: async (provider) => void (await http.ask(`/keys/${encodeURIComponent(provider)}`, { method: "DELETE" })),
    webhooks: () => import("./webhooks.ts").then((room) => room.createWebhooks(http)),
    resultsFile: (id, format, signal) => http.file(`/batches/${id}/results`, { query: { format }, ...signalled(signal) }),
  };
}
