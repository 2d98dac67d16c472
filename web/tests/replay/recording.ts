/** A recording to test with: an office that lives by chance, cut into segments as a server does, and what it was at each moment. */
import type { Marker, Piece, Recorded, Source, Stretch } from "../../src/replay/contract.ts";
import type { Shown } from "../../src/state/course.ts";
import type { Desk, OfficeState } from "../../src/state/office.ts";
import type { Json, JsonObject } from "../../src/state/patch.ts";
import { office, withDesk } from "../office.ts";
import { type Chance, chance } from "../random.ts";

export const START = 1_795_450_000_000;
export const HZ = 10;
const TICK_MS = 1000 / HZ;

export interface Made {
  readonly source: Source;
  readonly recorded: Recorded;
  /** Every state that was, in order, but for those nobody kept. */
  readonly whole: readonly Shown[];
  readonly texts: Map<number, string>;
  /** The numbers of the segments that were asked for. */
  readonly asked: number[];
}

/** The merge patch from one state to another. */
function patchOf(before: Json, after: Json): Json {
  const isMap = (value: Json | undefined): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);
  if (!isMap(before) || !isMap(after)) return after;
  const patch: Record<string, Json> = {};
  for (const key of Object.keys(before)) if (!Object.hasOwn(after, key)) patch[key] = null;
  for (const [key, value] of Object.entries(after)) {
    if (JSON.stringify(value) !== JSON.stringify(before[key])) patch[key] = before[key] === undefined ? value : patchOf(before[key], value);
  }
  return patch;
}

const DOES = ["idle", "working", "done", "failed", "waiting"] as const;

function lived(random: Chance, before: OfficeState, at: number): OfficeState {
  const activity = random.pick(DOES);
  const busy = activity === "idle" ? {} : { title: `Task ${random.below(90)}`, batch: "b1", execution: `e${at}` };
  const worker = Object.values(before.desks)[0]?.worker ?? "Ada";
  const index = random.below(10);
  const desk: Desk = { worker: before.desks[index]?.worker ?? worker, activity, since: at, ...busy };
  const state = withDesk(before, index, {});
  const running = Object.values(state.desks).filter((each) => each.activity === "working").length;
  return { ...state, desks: { ...state.desks, [index]: desk }, office: { ...state.office, running }, queue: { waiting: random.below(50) } };
}

interface Making {
  readonly seed: number;
  readonly segments?: number;
  /** Segments that were lost: a gap stands in their place. */
  readonly lost?: readonly number[];
  readonly segmentMs?: number;
  readonly markers?: readonly Marker[];
  readonly idle?: readonly Stretch[];
  readonly live?: boolean;
}

/** Segments of half a minute that follow on each other; the last one may still be open. */
export function recording(making: Making): Made {
  const { seed, segments = 8, lost = [], segmentMs = 30_000, markers = [], idle = [], live = false } = making;
  const random = chance(seed);
  const [texts, pieces, whole, asked]: [Map<number, string>, Piece[], Shown[], number[]] = [new Map(), [], [], []];
  let state = office();
  let [seq, tick] = [0, 0];
  for (let n = 0; n < segments; n += 1) {
    const start = START + n * segmentMs;
    const lines = [{ type: "keyframe", seq, tick, now: start, state }] as object[];
    const frames: Shown[] = [{ at: start, state }];
    for (let at = start + TICK_MS * (1 + random.below(40)); at < start + segmentMs; at += TICK_MS * (1 + random.below(40))) {
      const after = lived(random, state, at);
      seq += 1;
      tick = Math.round((at - START) / TICK_MS);
      lines.push({ type: "diff", seq, tick, patch: patchOf(state as unknown as Json, after as unknown as Json) });
      state = after;
      frames.push({ at, state });
    }
    const last = frames.at(-1)?.at ?? start;
    tick = Math.round((start + segmentMs - START) / TICK_MS);
    texts.set(n, `${lines.map((line) => JSON.stringify(line)).join("\n")}\n`);
    if (lost.includes(n)) continue;
    const end = lost.includes(n + 1) || n === segments - 1 ? last : start + segmentMs;
    pieces.push({ n, start, end, first: seq - frames.length + 1, last: seq, bytes: 1 });
    for (const frame of frames) if (frame.at !== whole.at(-1)?.at) whole.push(frame);
  }
  const open = live ? pieces.pop() : undefined;
  const ended = live ? undefined : pieces.at(-1)?.end;
  const recorded: Recorded = { id: "r1", hz: HZ, started: START, ended, live, view: "full", markers, idle, segments: pieces };
  const source: Source = {
    about: async () => recorded,
    async segment(n, signal) {
      asked.push(n);
      await Promise.resolve();
      signal?.throwIfAborted();
      const text = texts.get(n);
      if (text === undefined || lost.includes(n)) throw new Error(`no segment ${n}`);
      return text;
    },
    ...(open === undefined ? {} : { open: async () => texts.get(open.n) ?? "" }),
  };
  return { source, recorded, whole, texts, asked };
}

/** How it was at a moment, by the whole history. */
export function stateOf(made: Made, at: number): OfficeState | undefined {
  return made.whole.findLast((shown) => shown.at <= at)?.state;
}
