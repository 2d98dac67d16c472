/** Frames become states here, in order or not at all: a diff that does not follow what is held is a gap, never a guess. */
import type { ServerMessage } from "../net/protocol.ts";
import type { OfficeState } from "./office.ts";
import { apply, type Json, type JsonObject } from "./patch.ts";

/** What the page holds of a stream; said in the hello so that the server may go on from there. */
export interface Held {
  readonly epoch: number;
  readonly view: string;
  readonly seq: number;
}

interface Baseline extends Held {
  readonly tick: number;
  /** The last keyframe's tick and time: from them the time of every later frame follows. */
  readonly keytick: number;
  readonly keynow: number;
  readonly hz: number;
  readonly state: OfficeState;
}

export interface Buffer {
  readonly stream?: { readonly epoch: number; readonly view: string; readonly hz: number };
  readonly base?: Baseline;
  /** Whether diffs may follow: only after a keyframe or `resumed` on this socket. */
  readonly open: boolean;
}

export type Outcome =
  | { readonly kind: "state"; readonly buffer: Buffer; readonly state: OfficeState; readonly at: number }
  | { readonly kind: "nothing"; readonly buffer: Buffer }
  | { readonly kind: "gap"; readonly buffer: Buffer; readonly why: string };

export const EMPTY: Buffer = { open: false };

export function held(buffer: Buffer): Held | undefined {
  if (buffer.base === undefined) return undefined;
  const { epoch, view, seq } = buffer.base;
  return { epoch, view, seq };
}

/** The moment a frame stands for, in milliseconds since the epoch. */
function moment(base: Baseline, tick: number): number {
  return base.keynow + ((tick - base.keytick) * 1000) / base.hz;
}

function gap(buffer: Buffer, why: string): Outcome {
  return { kind: "gap", buffer: { ...buffer, open: false }, why };
}

function keyframe(buffer: Buffer, message: Extract<ServerMessage, { type: "keyframe" }>): Outcome {
  if (buffer.stream === undefined) return gap(buffer, "expected hello before a keyframe");
  const base: Baseline = {
    ...buffer.stream,
    seq: message.seq,
    tick: message.tick,
    keytick: message.tick,
    keynow: message.now,
    state: message.state,
  };
  return { kind: "state", buffer: { ...buffer, base, open: true }, state: message.state, at: message.now };
}

function diff(buffer: Buffer, message: Extract<ServerMessage, { type: "diff" }>): Outcome {
  const base = buffer.base;
  if (base === undefined || !buffer.open) return gap(buffer, `expected a keyframe or resumed, got diff ${message.seq}`);
  if (message.seq !== base.seq + 1) return gap(buffer, `expected diff ${base.seq + 1}, got ${message.seq}`);
  const state = patched(base.state, message.patch);
  const next: Baseline = { ...base, seq: message.seq, tick: message.tick, state };
  return { kind: "state", buffer: { ...buffer, base: next }, state, at: moment(next, message.tick) };
}

/** The wire's contract makes the patched value a state again; its shape was checked with the keyframe. */
function patched(state: OfficeState, patch: JsonObject): OfficeState {
  return apply(state as unknown as Json, patch) as unknown as OfficeState;
}

function resumed(buffer: Buffer, message: Extract<ServerMessage, { type: "resumed" }>): Outcome {
  const { base, stream } = buffer;
  const same = base !== undefined && stream !== undefined && base.epoch === stream.epoch && base.view === stream.view;
  if (!same || message.from !== base.seq) return gap(buffer, `expected to resume from ${base?.seq ?? "nothing"}, got ${message.from}`);
  return { kind: "nothing", buffer: { ...buffer, open: true } };
}

/** What a message makes of what is held. After a gap the caller reconnects without `seq`. */
export function accept(buffer: Buffer, message: ServerMessage): Outcome {
  switch (message.type) {
    case "hello":
      return { kind: "nothing", buffer: { ...buffer, stream: { epoch: message.epoch, view: message.view, hz: message.hz }, open: false } };
    case "keyframe":
      return keyframe(buffer, message);
    case "diff":
      return diff(buffer, message);
    case "resumed":
      return resumed(buffer, message);
    default:
      return { kind: "nothing", buffer };
  }
}
