/** What a link's secret is exchanged for: a grant that lasts minutes, and what it may show. Renewed by itself for as long as the link is good. */
import { type Http, Problem } from "../net/http.ts";
import type { View } from "../net/protocol.ts";
import { number, object, oneOf, optional, text } from "../net/read.ts";

const VIEWS = ["full", "titles", "batches", "figures"] as const;
/** A grant is good for ten minutes; it is exchanged a little before, whatever this machine's clock says of its end. */
export const FRESH_MS = 9 * 60_000;

export type Shows =
  | { readonly kind: "office"; readonly id: string }
  | { readonly kind: "recording"; readonly id: string }
  | { readonly kind: "batch"; readonly id: string };

export interface Pass {
  readonly grant: string;
  readonly view: View;
  readonly shows: Shows;
  readonly name?: string | undefined;
  /** The stretch that a recording's link is locked to, in milliseconds since 1970. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** The link was revoked, has expired, or never was: the server says the same of each. */
export class LinkEnded extends Problem {}

/** Too many look at it now. */
export class Crowded extends Problem {}

function as(kind: typeof LinkEnded | typeof Crowded, { status, code, title, detail }: Problem): Problem {
  return new kind(status, code, title, detail);
}

function time(value: unknown, where: string): number {
  return number(Date.parse(text(value, where)), where);
}

function showsOf(fields: Readonly<Record<string, unknown>>): Shows {
  for (const kind of ["recording", "batch"] as const) {
    const id = optional(fields[kind], text, `pass.${kind}`);
    if (id !== undefined) return { kind, id };
  }
  return { kind: "office", id: text(fields["office"], "pass.office") };
}

export function readPass(value: unknown): Pass {
  const fields = object(value, "pass");
  return {
    grant: text(fields["grant"], "pass.grant"),
    view: oneOf(fields["view"], VIEWS, "pass.view"),
    shows: showsOf(fields),
    name: optional(fields["name"], text, "pass.name"),
    from: optional(fields["from"], time, "pass.from"),
    to: optional(fields["to"], time, "pass.to"),
  };
}

/** @throws LinkEnded, Crowded, or what the request threw */
export async function exchange(http: Http, id: string, secret: string): Promise<Pass> {
  try {
    return readPass(await http.ask("/links/exchange", { method: "POST", json: { id, secret } }));
  } catch (error) {
    // A proxy or a portal may answer in the server's place, and knows nothing of links: the server's own words have a code.
    if (!(error instanceof Problem) || error.code === "unknown") throw error;
    if (error.status === 429) throw as(Crowded, error);
    if (error.status < 500) throw as(LinkEnded, error);
    throw error;
  }
}

export interface Passes {
  /** A pass whose grant should be good; asks for one at most once at a time. */
  fresh(): Promise<Pass>;
  /** The one that `fresh` gave last. */
  last(): Pass | undefined;
  /** The server no longer takes this grant. */
  forget(grant: string): void;
}

/** @param local a monotone clock of this machine, in milliseconds */
export function createPasses(ask: () => Promise<Pass>, local: () => number): Passes {
  let last: Pass | undefined;
  let until = 0;
  let asked: Promise<Pass> | undefined;

  async function renew(): Promise<Pass> {
    const began = local();
    try {
      last = await ask();
      until = began + FRESH_MS;
      return last;
    } finally {
      asked = undefined;
    }
  }

  return {
    fresh() {
      if (last !== undefined && local() < until) return Promise.resolve(last);
      asked ??= renew();
      return asked;
    },
    last: () => last,
    forget(grant) {
      if (last?.grant === grant) until = 0;
    },
  };
}
