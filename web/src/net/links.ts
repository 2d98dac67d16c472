/** Links as HTTP tells of them, and what is sent to make one. Moments are milliseconds since 1970 (UTC). */
import type { View } from "./protocol.ts";
import { type Fields, integer, list, object, oneOf, optional, text, time } from "./read.ts";

const VIEWS = ["full", "titles", "batches", "figures"] as const;
const STATES = ["live", "expired", "revoked"] as const;
const REACHES = ["machine", "lan", "public"] as const;

/** How far an address works: on this machine, in its network, or from everywhere. */
export type Reach = (typeof REACHES)[number];

export interface Link {
  readonly id: string;
  readonly label?: string | undefined;
  readonly view: View;
  readonly state: (typeof STATES)[number];
  readonly expires: number;
  readonly revoked?: number | undefined;
  readonly recording?: string | undefined;
  readonly batch?: string | undefined;
  readonly origins: readonly string[];
  readonly card: boolean;
  readonly lan: boolean;
  readonly viewers: number;
}

/** A link with the address that is told this once. */
export interface Shared {
  readonly id: string;
  readonly url: string;
  readonly label?: string | undefined;
  readonly origins: readonly string[];
  readonly reach?: Reach | undefined;
  /** Until when the address before this one still works. */
  readonly former?: number | undefined;
}

export interface LinkWish {
  readonly label?: string | undefined;
  readonly view: View;
  /** A moment. */
  readonly expires: number;
  readonly recording?: string | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly batch?: string | undefined;
  readonly origins?: readonly string[] | undefined;
  readonly card?: boolean | undefined;
  readonly lan?: boolean | undefined;
}

function texts(value: unknown, where: string): readonly string[] {
  return value === undefined ? [] : list(value, where).map((each) => text(each, where));
}

export function link(value: unknown): Link {
  const fields = object(value, "link");
  return {
    id: text(fields["id"], "link.id"),
    label: optional(fields["label"], text, "link.label"),
    view: oneOf(fields["view"], VIEWS, "link.view"),
    state: oneOf(fields["state"], STATES, "link.state"),
    expires: time(fields["expires"], "link.expires"),
    revoked: optional(fields["revoked"], time, "link.revoked"),
    recording: optional(fields["recording"], text, "link.recording"),
    batch: optional(fields["batch"], text, "link.batch"),
    origins: texts(fields["origins"], "link.origins"),
    card: fields["card"] === true,
    lan: fields["lan"] === true,
    viewers: optional(fields["viewers"], integer, "link.viewers") ?? 0,
  };
}

/** @param label what is known of it already where the answer does not repeat it */
export function shared(value: unknown, known: Pick<Link, "label" | "origins"> = { origins: [] }): Shared {
  const fields: Fields = object(value, "link");
  return {
    id: text(fields["id"], "link.id"),
    url: text(fields["url"], "link.url"),
    label: optional(fields["label"], text, "link.label") ?? known.label,
    origins: fields["origins"] === undefined ? known.origins : texts(fields["origins"], "link.origins"),
    reach: optional(fields["reach"], (reach, where) => oneOf(reach, REACHES, where), "link.reach"),
    former: optional(fields["old_until"], time, "link.old_until"),
  };
}

const moment = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms).toISOString());

/** As JSON; what is not wished for is left out. */
export function wishJson(wish: LinkWish): Readonly<Record<string, unknown>> {
  return { ...wish, expires: moment(wish.expires), from: moment(wish.from), to: moment(wish.to) };
}
