/** Requests to the server's HTTP interface: the session's cookie, problems as typed errors, one key for each POST. */
import { integer, object, optional, text } from "./read.ts";

/** Where in what was sent something is wrong, as far as the server says it. */
export interface Place {
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  /** The field of the tasks that a template names and no task has. */
  readonly field?: string | undefined;
}

/** The server refused, in the words of its `application/problem+json` (RFC 9457). */
export class Problem extends Error {
  override readonly name = "Problem";
  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly detail: string | undefined,
    readonly place: Place = {},
  ) {
    super(detail ?? title);
  }
}

/** Nothing answered: the server is down or the network is. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
}

export interface Ask {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is, with its type. */
  readonly body?: { readonly type: string; readonly data: string };
  /** The same key for the same deed: a repeated POST does it once. */
  readonly key?: string;
  readonly signal?: AbortSignal;
}

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface Http {
  /** What the server answered, read from JSON; `undefined` for an empty answer. */
  ask(path: string, what?: Ask): Promise<unknown>;
  /** What the server answered, as it came. */
  text(path: string, what?: Ask): Promise<string>;
  /** What the server answered, as a file: whole, or not at all. */
  file(path: string, what?: Ask): Promise<Blob>;
}

const BASE = "/api/v1";
/** A token that is refused is the sign-in's own affair. */
const SESSION = "/session";

export function url(path: string, query: Ask["query"] = {}): string {
  const pairs = Object.entries(query).flatMap(([name, value]) => (value === undefined || value === "" ? [] : [[name, String(value)]]));
  return pairs.length === 0 ? `${BASE}${path}` : `${BASE}${path}?${new URLSearchParams(pairs)}`;
}

/** Random, also on a page that is no secure context, where `randomUUID` is missing. */
export function freshKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function request(what: Ask): RequestInit {
  const headers: Record<string, string> = { accept: "application/json" };
  if (what.json !== undefined) headers["content-type"] = "application/json";
  if (what.body !== undefined) headers["content-type"] = what.body.type;
  if (what.method === "POST") headers["idempotency-key"] = what.key ?? freshKey();
  const body = what.body?.data ?? (what.json === undefined ? null : JSON.stringify(what.json));
  return { method: what.method ?? "GET", headers, body, credentials: "same-origin", ...(what.signal && { signal: what.signal }) };
}

async function problemOf(response: Response): Promise<Problem> {
  const fallback = new Problem(response.status, "unknown", `The server answered ${response.status}`, undefined);
  try {
    const fields = object(await response.json(), "problem");
    const detail = optional(fields["detail"], text, "problem.detail");
    const place = {
      line: optional(fields["line"], integer, "problem.line"),
      column: optional(fields["column"], integer, "problem.column"),
      field: optional(fields["field"], text, "problem.field"),
    };
    return new Problem(response.status, text(fields["code"], "problem.code"), text(fields["title"], "problem.title"), detail, place);
  } catch {
    return fallback;
  }
}

/**
 * @param onSignedOut called for every 401 but the sign-in's own, so that the page can ask for a fresh URL wherever it happens
 */
export function createHttp(fetch: Fetch, onSignedOut: () => void): Http {
  async function answer(path: string, what: Ask): Promise<Response> {
    let response: Response;
    try {
      response = await fetch(url(path, what.query), request(what));
    } catch (error) {
      // A guest's request begins with an exchange of its own, which the server may refuse.
      if (what.signal?.aborted || error instanceof Problem) throw error;
      throw new Unreachable("The server does not answer");
    }
    if (response.status === 401 && path !== SESSION) onSignedOut();
    if (!response.ok) throw await problemOf(response);
    return response;
  }
  const http: Http = {
    text: async (path, what = {}) => (await answer(path, what)).text(),
    async file(path, what = {}) {
      const response = await answer(path, what);
      return response.blob().catch((error: unknown) => {
        throw what.signal?.aborted ? error : new Unreachable("The answer broke off");
      });
    },
    async ask(path, what) {
      const body = await http.text(path, what);
      return body === "" ? undefined : JSON.parse(body);
    },
  };
  return http;
}
