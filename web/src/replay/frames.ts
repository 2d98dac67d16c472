/** The lines of a segment become states with their moments, by the very reducer that live frames go through. */
import { parse } from "../net/protocol.ts";
import { ReadError } from "../net/read.ts";
import { accept, type Buffer, EMPTY } from "../state/buffer.ts";
import type { Shown } from "../state/course.ts";

/** A segment has fewer; one with more was made by somebody else. */
export const FRAMES_MAX = 20_000;

/** Before any segment: who greets is of no matter here, how many ticks a second there are is. */
function begun(hz: number): Buffer {
  const hello = { type: "hello", office: "replay", epoch: 0, seq: 0, now: 0, hz, role: "guest", view: "full" } as const;
  return accept(EMPTY, hello).buffer;
}

function framesIn(lines: readonly string[], hz: number): Shown[] {
  const frames: Shown[] = [];
  let buffer = begun(hz);
  for (const line of lines) {
    const outcome = accept(buffer, parse(line));
    if (outcome.kind !== "state") throw new ReadError(outcome.kind === "gap" ? outcome.why : "expected a frame, got another message");
    buffer = outcome.buffer;
    frames.push({ at: Math.floor(outcome.at), state: outcome.state });
  }
  return frames;
}

/**
 * The frames of a segment, one for each moment: of several at one moment the last holds.
 * @throws ReadError where a line is no frame, or does not follow on the one before
 */
export function framesOf(text: string, hz: number): readonly Shown[] {
  const lines = text.split("\n").filter((line) => line !== "");
  if (lines.length === 0) throw new ReadError("segment: expected a keyframe, got nothing");
  if (lines.length > FRAMES_MAX) throw new ReadError(`segment: expected at most ${FRAMES_MAX} frames, got ${lines.length}`);
  const frames = framesIn(lines, hz);
  return frames.filter(({ at }, index) => frames[index + 1]?.at !== at);
}

/** The number of the frame that holds at a moment; -1 before the first. */
export function frameAt(frames: readonly Shown[], at: number): number {
  let [low, high] = [0, frames.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((frames[middle] as Shown).at <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
