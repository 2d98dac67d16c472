/** What each worker does and where, as a pure function of the desk's state and the moment. */
import { MONITOR } from "../../../../assets/layout.ts";
import type { Manner } from "../../../../assets/people/manners.ts";
import { CHEER, risen } from "../../../../assets/people/poses/feeling.ts";
import type { Clip } from "../../../../assets/people/poses/index.ts";
import { own, When } from "../../../../assets/people/poses/joints.ts";
import type { Desk } from "../../state/office.ts";
import { factsOf } from "./facts.ts";
import { CHAIR_FORWARD, type End, walks } from "./gait.ts";
import { NODES, type Place, place, SEATS, type Walker } from "./graph.ts";

/** A class, so that its numbers stand in it and are not boxed: see `When`. */
export class Role implements Walker {
  x = 0.5;
  z = 0.5;
  heading = 0.5;
  walked = 0.5;
  clip: Clip = "sit";
  /** The clip's own time, in seconds; of a walk the angle of the legs' swing. */
  seconds = 0.5;
  /** What they come from, and how much of it is left behind: 1 is all of it. */
  from: Clip = "sit";
  fromSeconds = 0.5;
  share = 0.5;
  /** How far the trunk leans forward on top of that, in radians. */
  lean = 0.5;
  /** Where they are going; empty while they go nowhere. */
  goal = "";
  walking = false;
}

export const role = (): Role =>
  Object.assign(new Role(), { x: 0, z: 0, heading: 0, walked: 0, seconds: 0, fromSeconds: 0, share: 1, lean: 0 });

/** A worker who is still on the way to work is put on the chair after this. */
export const SNAP_MS = 3000;
/** Idle habits change this often, each person at another moment. */
const HABIT_MS = 24_000;
const HABITS = ["read", "phone", "coffee", "stretch", "think", "read"] as const;
/** Now and then somebody at work, of whom no note tells more, leans back and thinks. */
const PAUSE_MS = 26_000;
const PAUSE_FOR_MS = 4500;
/** Who cheers turns to the viewer. */
const TO_VIEWER = 0.5;
/** The moment of a cheer at which it is shown where nothing moves. */
export const CHEER_STILL_MS = ((CHEER.up + CHEER.down) / 2) * 1000;

const PLACE_CLIPS: Readonly<Record<string, Clip>> = {
  coffee: "sip",
  look: "stand",
  read: "leaf",
  sit: "sit",
  lounge: "lounge",
  crouch: "crouch",
};

/** How somebody works, by what the task's note says. */
const WORK: Readonly<Record<Manner, Clip>> = { read: "scan", write: "type", call: "call", think: "think" };

const before: End = { clip: "sit", seconds: 0 };
const after: End = { clip: "sit", seconds: 0 };
const setOut = new When();

/** Writes into `out` what worker `index` does at a moment, in milliseconds; nothing is allocated. */
export function cast(out: Role, desk: Desk, index: number, when: When): void {
  const { at: now } = when;
  out.seconds = (now - factsOf(desk).since) / 1000;
  out.share = 1;
  out.lean = 0;
  out.goal = "";
  out.walking = false;
  if (onTheWay(out, desk, index, when)) return;
  const where = desk.path && now >= desk.path[2] ? desk.path[1] : (desk.place ?? seatOf(index));
  const stays = desk.activity === "idle" && where !== seatOf(index) ? place(where) : undefined;
  if (stays) at(out, stays);
  else atDesk(out, desk, index, when);
}

const SEAT_NAMES = Array.from({ length: 10 }, (_, index) => `desk-${index}`);
const seatOf = (index: number): string => SEAT_NAMES[index] ?? "desk-0";

function at(out: Role, { at: { x, z }, face, pose }: Place): void {
  out.x = x;
  out.z = z;
  out.heading = face;
  out.clip = PLACE_CLIPS[pose] ?? "stand";
}

function onTheWay(out: Role, desk: Desk, index: number, when: When): boolean {
  if (!desk.path) return false;
  const { at: now } = when;
  const from = desk.path[0];
  const to = desk.path[1];
  const start = desk.path[2];
  if (now < start || now >= desk.path[3]) return false;
  if (desk.activity !== "idle" && now - factsOf(desk).since > SNAP_MS) return false;
  // What one rests from was so when one set out, when nobody had called yet.
  setOut.at = start;
  before.clip = from === seatOf(index) ? habit(index, setOut) : poseAt(from);
  after.clip = to === seatOf(index) ? seatedClip(desk, index, when) : poseAt(to);
  before.seconds = after.seconds = out.seconds;
  return walks(out, desk.path, when, before, after);
}

const poseAt = (name: string): Clip => PLACE_CLIPS[place(name)?.pose ?? ""] ?? "stand";

function atDesk(out: Role, desk: Desk, index: number, when: When): void {
  const seat = SEATS.get(seatOf(index));
  if (!seat) return;
  out.x = seat.x;
  out.z = seat.z + CHAIR_FORWARD;
  out.heading = 0;
  out.clip = seatedClip(desk, index, when);
  if (desk.activity !== "done") return;
  const beside = NODES.get(seatOf(index)) ?? seat;
  const up = risen(out.seconds);
  out.x += (beside.x - out.x) * up;
  out.z += (beside.z - out.z) * up;
  out.heading = TO_VIEWER * up;
}

function seatedClip(desk: Desk, index: number, when: When): Clip {
  if (desk.activity === "off") return "sleep";
  if (desk.activity === "failed") return "slump";
  if (desk.activity === "waiting") return "wait";
  if (desk.activity === "done") return "cheer";
  if (desk.activity === "idle") return habit(index, when);
  const manner = factsOf(desk).manner;
  if (manner) return WORK[manner];
  const { at: now } = when;
  const phase = (now + own(index, 7) * PAUSE_MS) % PAUSE_MS;
  return phase < PAUSE_FOR_MS && now - factsOf(desk).since > PAUSE_FOR_MS ? "think" : "type";
}

function habit(index: number, { at: now }: When): Clip {
  const turn = Math.floor((now + own(index, 8) * HABIT_MS) / HABIT_MS);
  return HABITS[Math.floor(own(index + turn * 13, 9) * HABITS.length)] ?? "read";
}

/** Where the light of a desk's monitor comes from, in the room. */
export const screenOf = (desk: { readonly x: number; readonly z: number }): readonly [number, number, number] => [
  desk.x + MONITOR.x,
  MONITOR.y,
  desk.z + MONITOR.z,
];
