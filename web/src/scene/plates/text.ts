/** What the plate of a desk says: pure, from the desk's state, its batch and the moment. */
import type { IconName } from "../../icons.ts";
import type { Desk, OfficeState } from "../../state/office.ts";
import { drawn } from "../../state/progress.ts";
import { clockTime } from "../../ui/numbers.ts";
import { reasonWords } from "../../ui/words.ts";

export interface Ring {
  /** A CSS colour. */
  readonly hue: string;
  /** 0 to 1000; 1000 closes the ring. */
  readonly permille: number;
  /** Solid when the task said so itself, dashed when it is estimated. */
  readonly reported: boolean;
}

export type Tone = "plain" | "idle" | "waiting" | "failed";

export interface PlateText {
  readonly glyph: IconName;
  readonly name: string;
  readonly note: string;
  readonly tone: Tone;
  readonly ring: Ring | undefined;
  /** Words that must not be dropped for room. */
  readonly keep: boolean;
}

const SECONDS_UNTIL_MS = 60_000;
const RED = "var(--red)";

const GLYPHS: Readonly<Record<Desk["activity"], IconName>> = {
  working: "play",
  waiting: "hourglass",
  done: "check",
  failed: "bang",
  idle: "cup",
  off: "moon",
};

export function plateText(state: OfficeState, desk: Desk, now: number): PlateText {
  const failed = desk.activity === "failed";
  const waiting = desk.activity === "waiting";
  const rests = desk.activity === "idle" || desk.activity === "off";
  return {
    glyph: GLYPHS[desk.activity],
    name: desk.worker,
    note: note(desk, now),
    tone: failed ? "failed" : waiting ? "waiting" : rests ? "idle" : "plain",
    ring: rests ? undefined : ring(state, desk, now),
    keep: failed || waiting,
  };
}

function note(desk: Desk, now: number): string {
  switch (desk.activity) {
    case "working":
      return desk.title ?? "";
    case "waiting":
      return waits(desk.until, now);
    case "failed":
      return desk.until === undefined ? uncapitalised(reasonWords(desk.reason)) : `tries again ${clockTime(desk.until)}`;
    case "done":
      return "done";
    default:
      return "";
  }
}

function waits(until: number | undefined, now: number): string {
  if (until === undefined) return "waits";
  const left = until - now;
  return left < SECONDS_UNTIL_MS ? `waits ${Math.max(0, Math.ceil(left / 1000))} s` : `waits until ${clockTime(until)}`;
}

const uncapitalised = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

export function hueVariable(state: OfficeState, batch: string | undefined): string {
  const order = batch === undefined ? undefined : state.batches[batch]?.order;
  return order === undefined ? "var(--teal)" : `var(--hue-${"abcdefgh".charAt(((order % 8) + 8) % 8)})`;
}

function ring(state: OfficeState, desk: Desk, now: number): Ring | undefined {
  if (desk.activity === "failed") return { hue: RED, permille: 1000, reported: true };
  const hue = hueVariable(state, desk.batch);
  if (desk.activity === "done") return { hue, permille: 1000, reported: true };
  if (!desk.progress) return undefined;
  return { hue, permille: drawn(desk.progress, now), reported: desk.progress[3] === 1 };
}
