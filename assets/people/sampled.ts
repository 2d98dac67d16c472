/**
 * Every movement in steps, for who draws people without the page: loops come round, what begins with an event ends in its last
 * step. Angles in thousandths of a radian, lengths in thousandths of a unit. Read by server/preview.
 */
import { CLIPS, type Clip, MOVEMENTS } from "./poses/index.ts";
import { JOINT, JOINTS, type Pose } from "./poses/joints.ts";

const FINE = 1000;

interface Sampled {
  readonly joints: readonly string[];
  readonly clips: Readonly<Record<string, { readonly seconds: number; readonly by: string; readonly poses: readonly number[][] }>>;
}

/** Eyes are open: whoever draws lets them blink. */
function step(clip: Clip, index: number): number[] {
  const { seconds, steps, by, write } = MOVEMENTS[clip];
  const joints: Pose = new Float32Array(JOINTS);
  joints[JOINT.eyes] = 1;
  const share = by === "once" ? index / (steps - 1) : index / steps;
  write(joints, { at: by === "loop" ? share * 2 * Math.PI : share * seconds });
  return Array.from(joints, (value) => Math.round(value * FINE));
}

export function sampled(): Sampled {
  const clips = CLIPS.map((clip) => {
    const { seconds, steps, by } = MOVEMENTS[clip];
    return [clip, { seconds, by, poses: Array.from({ length: steps }, (_, index) => step(clip, index)) }] as const;
  });
  return { joints: Object.keys(JOINT), clips: Object.fromEntries(clips) };
}
