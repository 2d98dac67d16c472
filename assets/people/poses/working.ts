/** What people do at their desks while something runs. Hands lie on its keyboard, never in it. */
import { arms, JOINT as J, type Pose, seated, soft, type When } from "./joints.ts";
import { reach, spot } from "./reach.ts";

const { sin, cos, max } = Math;
/** Where a hand rests on the keyboard and on the mouse; heights of its middle. */
const KEYS = { x: 0.1, y: 0.672, z: 0.385 } as const;
const MOUSE = { x: 0.24, y: 0.672, z: 0.37 } as const;
/** How far the head turns to the screen, which stands on the person's right. */
const TO_SCREEN = -0.2;

/** Leans to the desk as one does who uses it. */
function leans(p: Pose, a: number, lean: number): void {
  seated(p);
  p[J.hipZ] = 0.06;
  p[J.torsoRx] = lean + 0.01 * sin(2 * a);
}

/** Bursts of keys, a look at the screen, a short halt. */
export function type(p: Pose, { at: a }: When): void {
  leans(p, a, 0.17);
  const burst = soft(sin(2 * a) + 0.35 * sin(3 * a), -0.4, 0.5);
  const screen = soft(sin(a + 0.6), 0.1, 0.8);
  p[J.torsoRz] = 0.015 * sin(a);
  p[J.headRx] = -0.02 - 0.1 * screen + 0.02 * sin(4 * a);
  p[J.headRy] = 0.1 + TO_SCREEN * screen + 0.03 * sin(3 * a);
  p[J.headRz] = 0.03 * sin(a);
  p[J.gazeX] = -0.4 * screen;
  p[J.gazeY] = -0.5 * (1 - screen);
  reach(p, true, spot(KEYS.x + 0.012 * sin(5 * a), KEYS.y + 0.024 * burst * max(0, sin(23 * a)), KEYS.z));
  reach(p, false, spot(-KEYS.x - 0.02 + 0.012 * sin(7 * a), KEYS.y + 0.024 * burst * max(0, cos(19 * a)), KEYS.z));
}

/** Reads what the screen shows: chin on a hand, the eyes go along the lines, the mouse turns a page. */
export function scan(p: Pose, { at: a }: When): void {
  leans(p, a, 0.2);
  const line = ((a * 6) / (2 * Math.PI)) % 1;
  const along = line < 0.82 ? 1 - (2 * line) / 0.82 : -1 + (2 * (line - 0.82)) / 0.18;
  p[J.torsoRz] = -0.04;
  p[J.headRx] = -0.1 + 0.03 * sin(a);
  p[J.headRy] = -0.04 + 0.08 * along;
  p[J.headRz] = -0.12;
  p[J.gazeX] = -0.3 + 0.7 * along;
  p[J.gazeY] = -0.2 - 0.4 * sin(a);
  reach(p, true, spot(MOUSE.x, MOUSE.y, MOUSE.z + 0.02 * soft(sin(3 * a), 0.5, 1)));
  reach(p, false, spot(-0.1, 0.935, 0.34));
}

/** On the telephone: it is at the right ear, the left hand talks along, the mouth moves in phrases. */
export function call(p: Pose, { at: a }: When): void {
  leans(p, a, 0.02);
  p[J.hipZ] = 0.02;
  const talks = soft(sin(2 * a), -0.2, 0.3);
  p[J.torsoRy] = 0.1 * sin(a);
  p[J.headRx] = -0.03 + 0.03 * sin(3 * a);
  p[J.headRy] = 0.26 + 0.12 * sin(a);
  p[J.headRz] = -0.16;
  p[J.talk] = talks * (0.5 + 0.5 * sin(17 * a));
  p[J.brows] = 0.15 * talks;
  p[J.phone] = 1.7; // a telephone of a size that is seen beside a head
  reach(p, false, spot(-0.31, 1.1, 0.05));
  const beat = talks * sin(8 * a);
  reach(p, true, spot(0.27 + 0.03 * beat, 0.8 + 0.05 * talks + 0.025 * beat, 0.27 + 0.02 * talks));
}

/** Leans back a little, a hand at the chin, looks up into the air. */
export function think(p: Pose, { at: a }: When): void {
  seated(p);
  p[J.torsoRx] = 0.02 + 0.012 * sin(2 * a);
  p[J.torsoRz] = 0.05;
  p[J.headRx] = -0.16 + 0.04 * sin(a);
  p[J.headRy] = 0.28 + 0.16 * sin(a);
  p[J.headRz] = -0.1;
  p[J.gazeX] = 0.5 * sin(a);
  p[J.gazeY] = 0.8;
  p[J.brows] = 0.35;
  reach(p, false, spot(-0.07, 0.955 + 0.012 * sin(4 * a), 0.25));
  reach(p, true, spot(0.05, 0.7, 0.26));
}

/** Waits for somebody else: leans back, arms before the chest, fingers drum, looks at the clock on the desk. */
export function wait(p: Pose, { at: a }: When): void {
  seated(p);
  const clock = soft(sin(a), 0.2, 0.7);
  p[J.hipZ] = -0.04;
  p[J.torsoRx] = -0.12 + 0.012 * sin(3 * a);
  p[J.headRx] = 0.02 + 0.12 * clock;
  p[J.headRy] = -0.18 + 0.6 * clock;
  p[J.headRz] = 0.08 * sin(a);
  p[J.gazeY] = -0.4 * clock;
  p[J.mouth] = 0.5;
  p[J.brows] = 0.2;
  const drums = 0.014 * max(0, sin(21 * a)) * soft(sin(2 * a), 0, 0.4);
  arms(p, -0.42, 0.08, -1.35, 0.85);
  p[J.armRx] = -0.5 - 2 * drums;
  p[J.foreRx] = -1.5 - 4 * drums;
  p[J.shinL] = 1.45 + 0.16 * sin(6 * a);
  p[J.shinR] = 1.35 - 0.1 * sin(6 * a);
}
