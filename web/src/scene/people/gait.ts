/** How somebody gets from one place to another: up from where they sit, along the way, and down again. A function of the moment. */
import type { Clip } from "../../../../assets/people/poses/index.ts";
import { soft, type When } from "../../../../assets/people/poses/joints.ts";
import { STRIDE } from "../../../../assets/people/poses/walking.ts";
import type { Path } from "../../state/office.ts";
import type { Role } from "./cast.ts";
import { along, place, type Route, route, SEATS, turned } from "./graph.ts";

/** Getting up and sitting down take this long each, and so long one takes to come into one's stride; less of a short way. */
const SETTLE_MS = 600;
const SETTLE_SHARE = 0.15;
const RAMP_MS = 450;
const RAMP_SHARE = 0.12;
/** How far beside the chair one stands up, in metres. */
const BESIDE = 0.4;
/** How far the trunk leans forward while one gets up, in radians. */
const LEAN = 0.34;

/** What an end of a way is like: the pose there, the way one faces, and how far from it one gets up. */
export interface End {
  clip: Clip;
  seconds: number;
}

const beside = (name: string): number => (SEATS.has(name) ? BESIDE : 0);
const facing = (name: string): number => place(name)?.face ?? 0;

/** The share of a way that is walked after `share` of its time, with a ramp of `ramp` at both ends. */
function travelled(share: number, ramp: number): number {
  const whole = 2 * ramp * (1 - ramp);
  if (share < ramp) return (share * share) / whole;
  if (share > 1 - ramp) return 1 - ((1 - share) * (1 - share)) / whole;
  return (share - ramp / 2) / (1 - ramp);
}

/** The angle of the legs' swing after so many metres: a way has a whole number of steps, so that both feet stand at its ends. */
export function swing(walked: number, length: number): number {
  const steps = Math.max(1, Math.round((length / STRIDE) * 2));
  return (walked / length) * steps * Math.PI;
}

/**
 * Writes where and how somebody on `path` is at a moment, in milliseconds; false where no way leads.
 * @param before what they did where they come from; @param after what they will do where they go
 */
export function walks(out: Role, path: Path, { at }: When, before: End, after: End): boolean {
  const from = path[0];
  const to = path[1];
  const way = route(from, to);
  if (!way) return false;
  const time = at - path[2];
  const whole = Math.max(1, path[3] - path[2]);
  const settle = Math.min(SETTLE_MS, whole * SETTLE_SHARE);
  out.walking = true;
  out.goal = to;
  if (time < settle) {
    gone.share = time / settle;
    rise(out, way, from, before);
  } else if (time > whole - settle) {
    gone.share = (whole - time) / settle;
    sink(out, way, to, after);
  } else {
    gone.share = (time - settle) / (whole - 2 * settle);
    gone.ramp = Math.min(RAMP_MS, whole * RAMP_SHARE) / (whole - 2 * settle);
    stroll(out, way, from, to);
  }
  return true;
}

/** How much of getting up, of walking or of sitting down is over, and of walking how much the ramps are: handed on without a box. */
const gone = new (class {
  share = 0.5;
  ramp = 0.5;
})();

function stroll(out: Role, way: Route, from: string, to: string): void {
  const { share, ramp } = gone;
  const length = Math.max(0.01, way.length - beside(from) - beside(to));
  const walked = length * travelled(share, ramp);
  out.walked = beside(from) + walked;
  along(way, out);
  out.clip = "walk";
  out.seconds = swing(walked, length);
  out.from = "poise";
  out.fromSeconds = 0;
  out.share = Math.min(1, share / ramp, (1 - share) / ramp);
}

/** From sitting (0) to standing (1). */
function rise(out: Role, way: Route, from: string, before: End): void {
  const { share } = gone;
  out.walked = beside(from) * soft(share, 0.3, 1);
  along(way, out);
  out.heading = turned(facing(from), out.heading, soft(share, 0, 0.7));
  halfway(out, from);
  out.clip = "poise";
  out.seconds = 0;
  out.from = before.clip;
  out.fromSeconds = before.seconds;
  out.share = soft(share, 0.25, 1);
}

/** From standing (1) to sitting (0). */
function sink(out: Role, way: Route, to: string, after: End): void {
  const { share: left } = gone;
  out.walked = way.length - beside(to) * soft(left, 0.3, 1);
  along(way, out);
  out.heading = turned(facing(to), out.heading, soft(left, 0.3, 1));
  halfway(out, to);
  out.clip = after.clip;
  out.seconds = after.seconds;
  out.from = "poise";
  out.fromSeconds = 0;
  out.share = 1 - soft(left, 0, 0.75);
}

function halfway(out: Role, name: string): void {
  const { share } = gone;
  if (!SEATS.has(name)) return;
  out.z += CHAIR_FORWARD * (1 - soft(share, 0.3, 1));
  out.lean = LEAN * Math.sin(Math.PI * soft(share, 0.1, 1));
}

/** One sits a little closer to the desk than the seat's mark, in metres. */
export const CHAIR_FORWARD = 0.04;
