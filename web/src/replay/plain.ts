/** Frames of a file that anybody may have made: checked to the last leaf, and each state an office. The twin of `server/recording/frame.py`. */
import { readState } from "../net/keyframe.ts";
import { object, ReadError } from "../net/read.ts";
import { apply, type Json, type JsonObject } from "../state/patch.ts";
import { NUMBER_MAX } from "./records.ts";

const DEPTH_MAX = 8;
const FRAMES_MAX = 20_000;
const LINE_CHARS_MAX = 128 * 1024;

/** @throws ReadError unless it is a whole number from 0 to 2^53 */
export function count(value: unknown, where: string): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0 || value > NUMBER_MAX)
    throw new ReadError(`${where}: expected a whole number from 0 to 2^53, got ${typeof value}`);
  return value;
}

function isLeaf(value: unknown): boolean {
  return typeof value === "string" || (typeof value === "number" && Number.isInteger(value));
}

function checkPart(part: object, nulls: boolean, depth: number): void {
  if (depth === 0) throw new ReadError(`expected objects nested at most ${DEPTH_MAX} deep, got deeper ones`);
  for (const value of Object.values(part)) {
    if (isLeaf(value) || (nulls && value === null)) continue;
    if (typeof value !== "object" || value === null)
      throw new ReadError(`expected texts, whole numbers, lists and objects, got ${typeof value}`);
    if (!Array.isArray(value)) checkPart(value, nulls, depth - 1);
    else if (!value.every(isLeaf)) throw new ReadError("expected texts and whole numbers in a list, got something else");
  }
}

/** @throws ReadError where an object holds anything but texts, whole numbers, lists of them, and such objects */
export function checkPlain(value: unknown, where: string, nulls = false): JsonObject {
  const found = object(value, where);
  checkPart(found, nulls, DEPTH_MAX);
  return found as JsonObject;
}

/** @throws ReadError when it is not JSON */
export function json(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ReadError(`${where}: expected JSON, got something else`);
  }
}

interface Step {
  readonly seq: number;
  readonly tick: number;
}

function step(line: string, kind: "keyframe" | "diff"): { readonly fields: Readonly<Record<string, unknown>> } & Step {
  if (line.length > LINE_CHARS_MAX) throw new ReadError(`expected a ${kind} of at most ${LINE_CHARS_MAX} characters, got ${line.length}`);
  const fields = object(json(line, kind), kind);
  if (fields["type"] !== kind) throw new ReadError(`expected a ${kind}, got something else`);
  return { fields, seq: count(fields["seq"], `${kind}.seq`), tick: count(fields["tick"], `${kind}.tick`) };
}

function followed(line: string, last: Step, before: Json): readonly [Step, Json] {
  const next = step(line, "diff");
  if (next.seq !== last.seq + 1 || next.tick < last.tick)
    throw new ReadError(`expected diff ${last.seq + 1} at tick ${last.tick} or later, got ${next.seq} at ${next.tick}`);
  const state = apply(before, checkPlain(next.fields["patch"], "patch", true));
  readState(state);
  return [next, state];
}

/** What is known of a segment once it is read through. */
export interface Checked {
  readonly now: number;
  readonly first: number;
  readonly last: number;
  /** When the last thing was said in it. */
  readonly said: number;
}

/**
 * Reads a segment through: a keyframe, the diffs that follow on it, and an office after each of them.
 * @throws ReadError where it is anything else
 */
export function checkSegment(text: string, hz: number): Checked {
  const lines = text.split("\n");
  if (lines.pop() !== "") throw new ReadError("expected a segment's last line to end, got one that does not");
  const [first, ...diffs] = lines;
  if (first === undefined) throw new ReadError("expected a keyframe, got an empty segment");
  if (lines.length > FRAMES_MAX) throw new ReadError(`expected at most ${FRAMES_MAX} frames, got ${lines.length}`);
  const keyframe = step(first, "keyframe");
  const now = count(keyframe.fields["now"], "keyframe.now");
  let [last, state]: readonly [Step, Json] = [keyframe, checkPlain(keyframe.fields["state"], "state")];
  readState(state);
  for (const line of diffs) [last, state] = followed(line, last, state);
  const said = now + Math.floor(((last.tick - keyframe.tick) * 1000) / hz);
  return { now, first: keyframe.seq, last: last.seq, said };
}
