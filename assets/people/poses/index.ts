/** Every pose as a pure function of (clip, seconds, person). The page draws them; the build samples them for the painter. */
import { cheer, slump } from "./feeling.ts";
import { JOINT, own, type Pose } from "./joints.ts";
import { coffee, crouch, leaf, lounge, phone, read, sip, sit, sleep, stand, stretch } from "./resting.ts";
import { poise, walk } from "./walking.ts";
import { call, scan, think, type, wait } from "./working.ts";

interface Movement {
  /** A loop's length, or how long something takes that begins with an event; a walk's is a full turn. */
  readonly seconds: number;
  /** In how many steps the painter draws it. */
  readonly steps: number;
  /** `loop` comes round at everybody's own pace, `once` begins with an event, `walk` follows the way. */
  readonly by: "loop" | "once" | "walk";
  /** @param at for a loop the angle, a full turn for all of it; else seconds */
  readonly write: (p: Pose, at: number) => void;
}

const TURN = 2 * Math.PI;
const loop = (seconds: number, steps: number, write: Movement["write"]): Movement => ({ seconds, steps, by: "loop", write });
const once = (seconds: number, steps: number, write: Movement["write"]): Movement => ({ seconds, steps, by: "once", write });

export const MOVEMENTS = {
  type: loop(9, 30, type),
  scan: loop(12, 24, scan),
  call: loop(7, 28, call),
  think: loop(9, 16, think),
  wait: loop(10, 24, wait),
  read: loop(11, 16, read),
  phone: loop(8, 16, phone),
  sleep: loop(4.8, 10, sleep),
  coffee: loop(10.5, 20, coffee),
  stretch: loop(7, 18, stretch),
  stand: loop(12, 18, stand),
  sip: loop(10.5, 20, sip),
  leaf: loop(11, 16, leaf),
  sit: loop(12, 20, sit),
  lounge: loop(12, 20, lounge),
  crouch: loop(5.8, 20, crouch),
  poise: loop(6, 6, poise),
  walk: { seconds: TURN, steps: 16, by: "walk", write: walk },
  cheer: once(2, 24, cheer),
  slump: once(5, 40, slump),
} as const satisfies Readonly<Record<string, Movement>>;

export type Clip = keyof typeof MOVEMENTS;
export const CLIPS = Object.keys(MOVEMENTS) as readonly Clip[];

/** Writes the pose into `out` and returns it; nothing is allocated. */
export function pose(out: Pose, clip: Clip, seconds: number, seed: number): Pose {
  out.fill(0);
  out[JOINT.eyes] = blink(seconds, seed);
  const { by, seconds: length, write }: Movement = MOVEMENTS[clip];
  const pace = 0.85 + 0.3 * own(seed, 1);
  write(out, by === "loop" ? ((((seconds * pace) / length + own(seed, 2)) % 1) + 1) * TURN : seconds);
  return out;
}

/** Eyes shut for 0.14 s, each person in a rhythm of 2.6 to 6 s. */
function blink(seconds: number, seed: number): number {
  const period = 2.6 + 3.4 * own(seed, 3);
  const phase = (((seconds + own(seed, 4) * period) % period) + period) % period;
  return phase < 0.14 ? 0.12 : 1;
}
