/** What the sounds are made of, as numbers. Pure; `synth.ts` carries them out. */

export interface Partial {
  readonly hertz: number;
  readonly gain: number;
  /** Seconds after the note's beginning. */
  readonly at: number;
  /** Until it is as good as silent. */
  readonly seconds: number;
  readonly wave: "sine" | "triangle";
}

/** All that is played goes through it: present in a quiet room, and no louder than the room. */
export const MASTER_GAIN = 0.16;
/** So short that no beginning clicks. */
export const ATTACK_S = 0.012;

/** Two bells a fifth apart, the second a little later, each with a faint overtone of its own. */
export const CHIME: readonly Partial[] = [
  { hertz: 659.26, gain: 0.5, at: 0, seconds: 1.6, wave: "sine" },
  { hertz: 1318.5, gain: 0.12, at: 0, seconds: 0.7, wave: "sine" },
  { hertz: 987.77, gain: 0.5, at: 0.14, seconds: 2.2, wave: "sine" },
  { hertz: 1975.5, gain: 0.1, at: 0.14, seconds: 0.8, wave: "sine" },
];

/** One low, soft step down. */
export const LOW: readonly Partial[] = [
  { hertz: 146.83, gain: 0.5, at: 0, seconds: 0.45, wave: "triangle" },
  { hertz: 110, gain: 0.6, at: 0.16, seconds: 0.9, wave: "triangle" },
];

/** A room in which people work, heard through a door: noise, with all but its middle taken out. */
export const MURMUR = { hertz: 420, width: 0.7, gain: 0.3, fadeS: 1.5, loopS: 8 } as const;

/** Brown noise in steps of one sample, its end led back to its beginning so that the loop has no seam. */
export function noise(samples: number, chance: () => number): Float32Array<ArrayBuffer> {
  const made = new Float32Array(samples);
  let level = 0;
  for (let index = 0; index < samples; index++) {
    level = (level + (chance() * 2 - 1) * 0.02) / 1.02;
    made[index] = level * 3.5;
  }
  const seam = (made.at(-1) ?? 0) - (made[0] ?? 0);
  for (let index = 0; index < samples; index++) made[index] = (made[index] ?? 0) - (seam * index) / Math.max(1, samples - 1);
  return made;
}
