/** Every pose as a pure function of (clip, seconds, person). The page draws them; the build samples them for the painter. */
import { cheer, slump } from "./feeling.ts";
import { JOINT, own, type Pose, When } from "./joints.ts";
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
  readonly write: (p: Pose, when: When) => void;
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

const when = new When();

/** Writes the pose into `out` and returns it; nothing is allocated once it is compiled. */
export function pose(out: Pose, clip: Clip, seconds: number, seed: number): Pose {
  when.at = seconds;
  return posed(out, clip, when, seed);
}

/** The same of a moment in seconds that is an object, which it leaves as the clip took it. */
export function posed(out: Pose, clip: Clip, moment: When, seed: number): Pose {
  out.fill(0);
  blink(out, moment, seed);
  const { by, seconds, write }: Movement = MOVEMENTS[clip];
  const { pace, ahead } = rhythm(seed);
  if (by === "loop") moment.at = ((((moment.at * pace) / seconds + ahead) % 1) + 1) * TURN;
  write(out, moment);
  return out;
}

/** Eyes shut for 0.14 s, each person in a rhythm of 2.6 to 6 s. */
function blink(out: Pose, { at }: When, seed: number): void {
  const { blinks, apart } = rhythm(seed);
  const phase = (((at + apart * blinks) % blinks) + blinks) % blinks;
  out[JOINT.eyes] = phase < 0.14 ? 0.12 : 1;
}

/** What is everybody's own: how fast they are, how far ahead in a loop, how often they blink, in seconds, and when. */
class Rhythm {
  readonly pace: number;
  readonly ahead: number;
  readonly blinks: number;
  readonly apart: number;

  constructor(seed: number) {
    this.pace = 0.85 + 0.3 * own(seed, 1);
    this.ahead = own(seed, 2);
    this.blinks = 2.6 + 3.4 * own(seed, 3);
    this.apart = own(seed, 4);
  }
}

const rhythms = new Map<number, Rhythm>();

function rhythm(seed: number): Rhythm {
  let known = rhythms.get(seed);
  if (known === undefined) {
    known = new Rhythm(seed);
    rhythms.set(seed, known);
  }
  return known;
}
