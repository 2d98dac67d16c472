/** What people do who have nothing to do: at their desks, and where they stroll to. */
import { arms, JOINT as J, type Pose, STANDING, seated, soft, upright, type When } from "./joints.ts";
import { sole, step } from "./reach.ts";

const { sin, max } = Math;

/** A book held in both hands; a page is turned once in a while. */
function reading(p: Pose, a: number): void {
  const turns = soft(sin(a), 0.9, 1);
  p[J.headRx] = 0.17 + 0.03 * sin(a);
  p[J.headRy] = 0.06 * sin(2 * a);
  p[J.gazeX] = 0.6 * sin(5 * a);
  p[J.gazeY] = -0.6;
  arms(p, -0.5, 0.02, -1.6);
  p[J.foreLz] = -0.5 + 0.5 * turns;
  p[J.foreLx] = -1.6 - 0.2 * turns;
  p[J.foreRz] = 0.35;
  p[J.book] = 1;
}

export function read(p: Pose, { at: a }: When): void {
  seated(p);
  p[J.hipZ] = -0.04;
  p[J.torsoRx] = -0.1 + 0.012 * sin(3 * a);
  reading(p, a);
  p[J.shinL] = 1.4 + 0.07 * sin(2 * a);
}

export function leaf(p: Pose, { at: a }: When): void {
  stands(p, a, 0.3);
  reading(p, a);
}

export function phone(p: Pose, { at: a }: When): void {
  seated(p);
  p[J.hipZ] = -0.05;
  p[J.torsoRx] = -0.1 + 0.01 * sin(3 * a);
  p[J.headRx] = 0.2 + 0.02 * sin(2 * a);
  p[J.headRy] = 0.1 + 0.05 * sin(a);
  p[J.gazeY] = -0.7;
  arms(p, -0.35, 0.14, -0.7);
  p[J.armRx] = -0.55;
  p[J.foreRx] = -1.45 + 0.04 * sin(9 * a) * max(0, sin(2 * a));
  p[J.foreRz] = 0.3;
  p[J.phone] = 1;
}

/** The head on the folded arms, turned to the side; breath goes through the whole back. */
export function sleep(p: Pose, { at: a }: When): void {
  seated(p);
  const breath = sin(a);
  p[J.hipZ] = 0.04;
  p[J.torsoRx] = 0.66 + 0.022 * breath;
  p[J.headRx] = 0.02 - 0.012 * breath;
  p[J.headRy] = 0.85;
  p[J.headRz] = 0.5;
  arms(p, -1.5, 0.42, -0.6, 0.9);
  p[J.eyes] = 0.1;
}

/** The mug in the right hand goes to the mouth, the head comes a little to meet it, and down again slowly. */
function drinking(p: Pose, a: number): void {
  const lift = soft(sin(a), 0.35, 0.85);
  p[J.headRx] = -0.02 - 0.12 * lift;
  p[J.headRy] = 0.24 * sin(a + 2.4) * (1 - lift);
  p[J.armLx] = -0.25;
  p[J.armLz] = 0.18;
  p[J.foreLx] = -0.5;
  p[J.armRx] = -0.7 - 0.42 * lift;
  p[J.armRz] = -0.1 + 0.2 * lift;
  p[J.foreRx] = -1.15 - 0.75 * lift;
  p[J.foreRz] = 0.25 + 0.3 * lift;
  p[J.eyes] = (p[J.eyes] ?? 1) * (1 - 0.5 * lift);
  p[J.mug] = 1;
}

export function coffee(p: Pose, { at: a }: When): void {
  seated(p);
  p[J.hipZ] = -0.08;
  p[J.torsoRx] = -0.14 + 0.015 * sin(3 * a);
  p[J.torsoRz] = 0.03 * sin(a);
  drinking(p, a);
  p[J.thighR] = -1.36;
  p[J.shinR] = 1.2 + 0.08 * sin(3 * a);
}

export function sip(p: Pose, { at: a }: When): void {
  stands(p, a, 0.5);
  drinking(p, a);
}

/** Gathers, reaches up and back with eyes shut, lets go. */
export function stretch(p: Pose, { at: a }: When): void {
  seated(p);
  const pull = soft(sin(a), -0.35, 0.6);
  const most = soft(sin(a), 0.55, 1);
  p[J.hipZ] = -0.05;
  p[J.torsoRx] = 0.04 - 0.3 * pull;
  p[J.torsoRz] = 0.06 * sin(2 * a) * pull;
  p[J.headRx] = 0.06 - 0.36 * pull;
  p[J.headRz] = 0.05 * sin(2 * a);
  const x = -0.62 - 2.24 * pull;
  const fore = -1.0 + 0.72 * pull + 0.12 * most;
  arms(p, x, 0.14 + 0.14 * pull, fore, 0.35 * (1 - pull));
  p[J.eyes] = (p[J.eyes] ?? 1) * (1 - 0.88 * most);
  p[J.talk] = 0.8 * most;
  p[J.shinL] = p[J.shinR] = 1.45 - 0.5 * pull;
}

/** Weight goes from one foot to the other, both stay where they are. */
function stands(p: Pose, a: number, look: number): void {
  upright(p);
  const weight = sin(a);
  p[J.hipX] = 0.022 * weight;
  p[J.hipY] = STANDING - 0.014;
  p[J.torsoRx] = 0.02 + 0.014 * sin(3 * a);
  p[J.torsoRz] = 0.035 * weight;
  p[J.headRz] = -0.03 * weight;
  p[J.headRx] = -0.04 + 0.03 * sin(2 * a);
  p[J.headRy] = look * sin(a + 1);
  step(p, true, sole(0.01, 0));
  step(p, false, sole(-0.01, 0));
}

/** Looks at something, hands held behind. */
export function stand(p: Pose, { at: a }: When): void {
  stands(p, a, 0.26);
  arms(p, 0.3, 0.04, -0.55, 0.75);
}

export function sit(p: Pose, { at: a }: When): void {
  seated(p);
  p[J.hipY] = 0.4;
  p[J.hipZ] = -0.08;
  p[J.torsoRx] = -0.14 + 0.014 * sin(3 * a);
  p[J.headRy] = 0.25 * sin(a);
  p[J.headRx] = -0.02;
  arms(p, -0.35, 0.16, -0.55);
  p[J.thighL] = -1.42;
  p[J.shinL] = 1.3;
}

export function lounge(p: Pose, { at: a }: When): void {
  p[J.hipY] = 0.3;
  p[J.hipRx] = -0.42;
  p[J.torsoRx] = -0.02 + 0.016 * sin(3 * a);
  p[J.headRx] = 0.16;
  p[J.headRy] = 0.2 * sin(a);
  p[J.thighL] = -1.0;
  p[J.thighR] = -1.16;
  p[J.shinL] = 0.9;
  p[J.shinR] = 1.2 + 0.06 * sin(2 * a);
  arms(p, -0.5, 0.3, -0.85, 0.7);
}

/** Strokes the cat. */
export function crouch(p: Pose, { at: a }: When): void {
  const stroke = sin(2 * a);
  p[J.hipY] = 0.27;
  p[J.hipRx] = 0.3;
  p[J.torsoRx] = 0.24;
  p[J.headRx] = -0.1;
  p[J.headRy] = 0.1 * sin(a);
  p[J.thighL] = -1.9;
  p[J.shinL] = 2.1;
  p[J.thighR] = -1.3;
  p[J.shinR] = 1.7;
  arms(p, -0.5, 0.12, -0.7);
  p[J.armRx] = -1.0 + 0.14 * stroke;
  p[J.foreRx] = -0.5 - 0.12 * stroke;
}
