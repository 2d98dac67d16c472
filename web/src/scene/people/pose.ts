/**
 * The joint angles of a person, as a pure function of (clip, seconds, seed).
 * Angles in radians in the order x, y, z; a limb hangs along -y, so a negative x raises it forward; +x is the person's left.
 */
export const JOINT = {
  hipX: 0,
  hipY: 1,
  hipZ: 2,
  hipRx: 3,
  hipRy: 4,
  torsoRx: 5,
  torsoRy: 6,
  torsoRz: 7,
  headRx: 8,
  headRy: 9,
  headRz: 10,
  armLx: 11,
  armLz: 12,
  foreLx: 13,
  foreLz: 14,
  armRx: 15,
  armRz: 16,
  foreRx: 17,
  foreRz: 18,
  thighL: 19,
  shinL: 20,
  thighR: 21,
  shinR: 22,
  /** 1 open, 0 closed. */
  eyes: 23,
  /** 0 smiles, 1 is turned down. */
  mouth: 24,
  /** 0 calm, 1 drawn up in the middle. */
  brows: 25,
  /** 0 gone, 1 in the hand. */
  mug: 26,
  book: 27,
  phone: 28,
} as const;

export const JOINTS = 29;
export type Pose = Float32Array;

export const CLIPS = [
  "type",
  "think",
  "read",
  "phone",
  "sleep",
  "coffee",
  "stretch",
  "walk",
  "cheer",
  "slump",
  "stand",
  "sip",
  "leaf",
  "sit",
  "lounge",
  "crouch",
] as const;
export type Clip = (typeof CLIPS)[number];

const { sin, cos, abs, max, PI } = Math;
const J = JOINT;

/** Height of the hips on a chair, and standing. */
const SEATED = 0.46;
const STANDING = 0.56;

/** A number from 0 to 1 that is this person's own; `salt` gives further ones. */
export function own(seed: number, salt: number): number {
  const mixed = sin(seed * 127.1 + salt * 311.7) * 43758.5453;
  return mixed - Math.floor(mixed);
}

/** Writes the pose into `out` and returns it; nothing is allocated. */
export function pose(out: Pose, clip: Clip, seconds: number, seed: number): Pose {
  out.fill(0);
  out[J.eyes] = blink(seconds, seed);
  const pace = 0.85 + 0.3 * own(seed, 1);
  // Feet follow the way walked; everything else has the person's own pace.
  WRITE[clip](out, clip === "walk" ? seconds : seconds * pace + own(seed, 2) * 40, seed);
  return out;
}

/** Eyes shut for 0.14 s, each person in a rhythm of 2.6 to 6 s. */
function blink(seconds: number, seed: number): number {
  const period = 2.6 + 3.4 * own(seed, 3);
  const phase = (seconds + own(seed, 4) * period) % period;
  return phase < 0.14 ? 0.12 : 1;
}

function seated(p: Pose): void {
  p[J.hipY] = SEATED;
  p[J.thighL] = p[J.thighR] = -1.5;
  p[J.shinL] = p[J.shinR] = 1.45;
}

function upright(p: Pose): void {
  p[J.hipY] = STANDING;
}

function arms(p: Pose, x: number, z: number, fore: number): void {
  p[J.armLx] = p[J.armRx] = x;
  p[J.armLz] = z;
  p[J.armRz] = -z;
  p[J.foreLx] = p[J.foreRx] = fore;
}

const WRITE: Readonly<Record<Clip, (p: Pose, t: number, seed: number) => void>> = {
  type(p, t) {
    seated(p);
    const [burst, fast] = [max(0, sin(t * 0.9)), t * 9];
    p[J.hipZ] = -0.02;
    p[J.torsoRx] = 0.12 + 0.012 * sin(t * 2);
    p[J.torsoRz] = 0.02 * sin(t * 0.7);
    p[J.headRx] = 0.02 + 0.04 * sin(t * 1.3);
    p[J.headRy] = 0.02 + 0.14 * sin(t * 0.45);
    p[J.headRz] = 0.03 * sin(t * 0.7);
    arms(p, 0, 0.1, 0);
    p[J.armLx] = -0.78 + 0.05 * burst * sin(fast);
    p[J.armRx] = -0.78 + 0.05 * burst * cos(fast * 0.9);
    p[J.foreLx] = -0.95 + 0.12 * burst * sin(fast * 1.1);
    p[J.foreRx] = -0.95 + 0.12 * burst * cos(fast);
    p[J.foreLz] = -0.25;
    p[J.foreRz] = 0.25;
  },
  think(p, t) {
    seated(p);
    const nod = sin(t * 0.8);
    p[J.torsoRx] = 0.06 + 0.012 * sin(t * 1.3);
    p[J.torsoRz] = 0.05;
    p[J.headRx] = -0.1 + 0.03 * nod;
    p[J.headRy] = 0.3 + 0.16 * sin(t * 0.4);
    p[J.headRz] = -0.12;
    arms(p, -0.55, 0.12, -0.9);
    p[J.armRx] = -0.95;
    p[J.armRz] = 0.18;
    p[J.foreRx] = -1.95 + 0.04 * nod;
    p[J.foreRz] = 0.25;
    p[J.foreLz] = -0.4;
    p[J.brows] = 0.35;
  },
  read(p, t) {
    seated(p);
    reading(p, t);
    p[J.torsoRx] = -0.08 + 0.012 * sin(t * 1.2);
  },
  leaf(p, t) {
    upright(p);
    reading(p, t);
  },
  phone(p, t) {
    seated(p);
    p[J.hipZ] = -0.05;
    p[J.torsoRx] = -0.1;
    p[J.headRx] = 0.2 + 0.02 * sin(t * 0.9);
    p[J.headRy] = 0.12 + 0.05 * sin(t * 0.3);
    arms(p, -0.35, 0.14, -0.7);
    p[J.armRx] = -0.55;
    p[J.foreRx] = -1.45 + 0.03 * sin(t * 3) * max(0, sin(t * 0.7));
    p[J.foreRz] = 0.3;
    p[J.phone] = 1;
  },
  sleep(p, t) {
    seated(p);
    const breath = sin(t * 1.3);
    p[J.hipZ] = 0.04;
    p[J.torsoRx] = 0.66 + 0.018 * breath;
    p[J.headRx] = 0.02 + 0.018 * breath;
    p[J.headRy] = 0.85;
    p[J.headRz] = 0.5;
    arms(p, -1.5, 0.42, -0.6);
    p[J.foreLz] = -0.9;
    p[J.foreRz] = 0.9;
    p[J.eyes] = 0.1;
  },
  coffee(p, t) {
    seated(p);
    p[J.hipZ] = -0.08;
    p[J.torsoRx] = -0.14 + 0.015 * sin(t * 1.2);
    p[J.torsoRz] = 0.03 * sin(t * 0.5);
    drinking(p, t);
    p[J.thighR] = -1.36;
    p[J.shinR] = 1.2;
  },
  sip(p, t) {
    upright(p);
    p[J.hipX] = 0.01 * sin(t * 0.8);
    drinking(p, t);
    p[J.torsoRz] = 0.02 * sin(t * 0.5);
  },
  stretch(p, t) {
    seated(p);
    const pull = 0.5 + 0.5 * sin(t * 0.9);
    p[J.hipZ] = -0.06;
    p[J.torsoRx] = -0.18 - 0.06 * pull;
    p[J.torsoRz] = 0.05 * sin(t * 0.6);
    p[J.headRx] = -0.16 - 0.08 * pull;
    p[J.headRy] = 0.12;
    arms(p, -2.75 - 0.1 * pull, 0.22, -0.5 + 0.2 * pull);
    p[J.eyes] = Math.min(p[J.eyes] ?? 1, 1 - 0.85 * max(0, pull - 0.55) * 2.2);
  },
  walk(p, t) {
    const [swing, other] = [sin(t), cos(t)];
    p[J.hipX] = 0.015 * swing;
    p[J.hipY] = STANDING - 0.012 + 0.028 * abs(other);
    p[J.hipRx] = 0.04;
    p[J.hipRy] = 0.09 * swing;
    p[J.torsoRx] = 0.05;
    p[J.torsoRy] = -0.16 * swing;
    p[J.torsoRz] = 0.035 * swing;
    p[J.headRy] = 0.07 * swing;
    p[J.armLx] = 0.62 * swing;
    p[J.armRx] = -0.62 * swing;
    p[J.armLz] = 0.1;
    p[J.armRz] = -0.1;
    p[J.foreLx] = -0.4 - 0.16 * max(0, -swing);
    p[J.foreRx] = -0.4 - 0.16 * max(0, swing);
    p[J.thighL] = -0.6 * swing;
    p[J.thighR] = 0.6 * swing;
    p[J.shinL] = 0.12 + 0.62 * max(0, other);
    p[J.shinR] = 0.12 + 0.62 * max(0, -other);
  },
  cheer(p, t) {
    const [beat, jump] = [t * 6.4, abs(sin(t * 6.4))];
    p[J.hipY] = STANDING + 0.2 * jump;
    p[J.hipRy] = 0.18 * sin(beat * 0.5);
    p[J.torsoRx] = -0.08;
    p[J.torsoRz] = 0.06 * sin(beat);
    p[J.headRx] = -0.16;
    p[J.headRz] = 0.08 * sin(beat);
    arms(p, -2.72, 0.4, -0.28);
    p[J.armLx] = -2.72 + 0.24 * sin(beat * 2);
    p[J.armRx] = -2.72 - 0.24 * sin(beat * 2);
    p[J.thighL] = -0.32 * jump;
    p[J.shinL] = 0.58 * jump;
    p[J.thighR] = -0.14 * jump;
    p[J.shinR] = 0.4 * jump;
  },
  slump(p, t) {
    seated(p);
    const sigh = sin(t * 1.1);
    p[J.hipRy] = 0.16;
    p[J.torsoRx] = 0.36 + 0.015 * sigh;
    p[J.torsoRz] = 0.1;
    p[J.headRx] = -0.2 + 0.03 * sigh;
    p[J.headRy] = 0.3 + 0.06 * sin(t * 0.5);
    p[J.headRz] = -0.32;
    arms(p, -1.2, 0.16, -0.35);
    p[J.foreLz] = -0.8;
    p[J.armRx] = -1.05;
    p[J.armRz] = 0.14;
    p[J.foreRx] = -2.0;
    p[J.foreRz] = 0.2;
    p[J.mouth] = 1;
    p[J.brows] = 1;
    p[J.eyes] = Math.min(p[J.eyes] ?? 1, 0.72);
  },
  stand(p, t) {
    upright(p);
    p[J.hipX] = 0.012 * sin(t * 0.8);
    p[J.hipRy] = 0.06 * sin(t * 0.3);
    p[J.torsoRx] = 0.02 * sin(t * 1.3);
    p[J.torsoRz] = 0.02 * sin(t * 0.8);
    p[J.headRx] = -0.04 + 0.04 * sin(t * 0.6);
    p[J.headRy] = 0.26 * sin(t * 0.5);
    arms(p, 0.16, 0.06, -0.5);
    p[J.foreLz] = -0.5;
    p[J.foreRz] = 0.5;
  },
  sit(p, t) {
    seated(p);
    p[J.hipY] = 0.4;
    p[J.hipZ] = -0.08;
    p[J.torsoRx] = -0.14 + 0.014 * sin(t * 1.2);
    p[J.headRy] = 0.25 * sin(t * 0.35);
    p[J.headRx] = -0.02;
    arms(p, -0.35, 0.16, -0.55);
    p[J.thighL] = -1.42;
    p[J.shinL] = 1.3;
  },
  lounge(p, t) {
    p[J.hipY] = 0.3;
    p[J.hipRx] = -0.42;
    p[J.torsoRx] = -0.02 + 0.016 * sin(t * 1.1);
    p[J.headRx] = 0.16;
    p[J.headRy] = 0.2 * sin(t * 0.3);
    p[J.thighL] = -1.0;
    p[J.thighR] = -1.16;
    p[J.shinL] = 0.9;
    p[J.shinR] = 1.2;
    arms(p, -0.5, 0.3, -0.85);
    p[J.foreLz] = -0.7;
    p[J.foreRz] = 0.7;
  },
  crouch(p, t) {
    const stroke = sin(t * 2.2);
    p[J.hipY] = 0.27;
    p[J.hipRx] = 0.3;
    p[J.torsoRx] = 0.24;
    p[J.headRx] = -0.1;
    p[J.headRy] = 0.1 * sin(t * 0.4);
    p[J.thighL] = -1.9;
    p[J.shinL] = 2.1;
    p[J.thighR] = -1.3;
    p[J.shinR] = 1.7;
    arms(p, -0.5, 0.12, -0.7);
    p[J.armRx] = -1.0 + 0.14 * stroke;
    p[J.foreRx] = -0.5 - 0.12 * stroke;
  },
};

function reading(p: Pose, t: number): void {
  p[J.headRx] = 0.16 + 0.03 * sin(t * 0.5);
  p[J.headRy] = 0.06 * sin(t * 1.1);
  arms(p, -0.62, 0.02, -1.2);
  p[J.foreLz] = -0.5;
  p[J.foreRz] = 0.35;
  p[J.book] = 1;
}

/** The mug in the right hand goes to the mouth now and then. */
function drinking(p: Pose, t: number): void {
  const lift = max(0, sin(t * 0.6)) ** 2;
  p[J.headRx] = -0.04 - 0.1 * lift;
  p[J.headRy] = 0.24 * sin(t * 0.35) * (1 - lift);
  p[J.armLx] = -0.25;
  p[J.armLz] = 0.18;
  p[J.foreLx] = -0.5;
  p[J.armRx] = -0.7 - 0.42 * lift;
  p[J.armRz] = -0.1 + 0.2 * lift;
  p[J.foreRx] = -1.15 - 0.75 * lift;
  p[J.foreRz] = 0.25 + 0.3 * lift;
  p[J.mug] = 1;
}

/** `out` moved from `from` towards itself: 0 is all `from`, 1 leaves it. */
export function blended(out: Pose, from: Pose, share: number): Pose {
  if (share >= 1) return out;
  const s = share * share * (3 - 2 * share);
  for (let joint = 0; joint < JOINTS; joint++) {
    const [a, b] = [from[joint] ?? 0, out[joint] ?? 0];
    out[joint] = a + (b - a) * s;
  }
  return out;
}

/** One full turn of the legs' swing covers this many metres. */
export const STRIDE = 1.5;
/** The walk clip's seconds after `metres` walked, whatever the pace: feet do not slide. */
export const stride = (metres: number): number => (metres / STRIDE) * 2 * PI;
