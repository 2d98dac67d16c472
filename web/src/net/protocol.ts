/** The messages of the live socket, subprotocol `tendesks.v1`, and a strict parser of what the server sends. */
import type { OfficeState } from "../state/office.ts";
import type { JsonObject } from "../state/patch.ts";
import { readState } from "./keyframe.ts";
import { integer, object, oneOf, ReadError, text } from "./read.ts";

export const SUBPROTOCOL = "tendesks.v1";

const ROLES = ["owner", "operator", "viewer", "guest"] as const;
const VIEWS = ["full", "titles", "batches", "figures"] as const;
export type Role = (typeof ROLES)[number];
export type View = (typeof VIEWS)[number];

export type ClientMessage =
  | {
      readonly type: "hello";
      readonly token?: string;
      readonly office?: string;
      readonly epoch?: number;
      readonly view?: string;
      readonly seq?: number;
    }
  | { readonly type: "ack"; readonly seq: number }
  | { readonly type: "level"; readonly value: "full" | "hidden" };

export type ServerMessage =
  | {
      readonly type: "hello";
      readonly office: string;
      readonly epoch: number;
      readonly seq: number;
      readonly now: number;
      readonly hz: number;
      readonly role: Role;
      readonly view: View;
    }
  | { readonly type: "keyframe"; readonly seq: number; readonly tick: number; readonly now: number; readonly state: OfficeState }
  | { readonly type: "diff"; readonly seq: number; readonly tick: number; readonly patch: JsonObject }
  | { readonly type: "resumed"; readonly from: number; readonly to: number }
  | { readonly type: "clock"; readonly now: number; readonly seq: number }
  | { readonly type: "viewers"; readonly count: number }
  | { readonly type: "restart"; readonly retry: number };

type Reader = (fields: Readonly<Record<string, unknown>>) => ServerMessage;

const READERS: Readonly<Record<string, Reader>> = {
  hello: (m) => ({
    type: "hello",
    office: text(m["office"], "hello.office"),
    epoch: integer(m["epoch"], "hello.epoch"),
    seq: integer(m["seq"], "hello.seq"),
    now: integer(m["now"], "hello.now"),
    hz: integer(m["hz"], "hello.hz"),
    role: oneOf(m["role"], ROLES, "hello.role"),
    view: oneOf(m["view"], VIEWS, "hello.view"),
  }),
  keyframe: (m) => ({
    type: "keyframe",
    seq: integer(m["seq"], "keyframe.seq"),
    tick: integer(m["tick"], "keyframe.tick"),
    now: integer(m["now"], "keyframe.now"),
    state: readState(m["state"]),
  }),
  diff: (m) => ({
    type: "diff",
    seq: integer(m["seq"], "diff.seq"),
    tick: integer(m["tick"], "diff.tick"),
    patch: object(m["patch"], "diff.patch") as JsonObject,
  }),
  resumed: (m) => ({ type: "resumed", from: integer(m["from"], "resumed.from"), to: integer(m["to"], "resumed.to") }),
  clock: (m) => ({ type: "clock", now: integer(m["now"], "clock.now"), seq: integer(m["seq"], "clock.seq") }),
  viewers: (m) => ({ type: "viewers", count: integer(m["count"], "viewers.count") }),
  restart: (m) => ({ type: "restart", retry: integer(m["retry"], "restart.retry") }),
};

function parsed(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    throw new ReadError(`message: expected JSON, got ${data.slice(0, 40)}`);
  }
}

/**
 * One message of the server.
 * @throws ReadError when it is not JSON, of no known type, or a field is missing or of the wrong kind
 */
export function parse(data: unknown): ServerMessage {
  const fields = object(parsed(text(data, "message")), "message");
  const type = oneOf(fields["type"], Object.keys(READERS), "message.type");
  const reader = READERS[type];
  if (reader === undefined) throw new ReadError(`message.type: no reader for ${type}`);
  return reader(fields);
}
