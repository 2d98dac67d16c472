/** What each worker does and where, as a pure function of the desk's state and the moment. */
import { MONITOR } from "../../../../assets/layout.ts";
import { type Manner, mannerOf } from "../../../../assets/people/manners.ts";
import { CHEER, risen } from "../../../../assets/people/poses/feeling.ts";
import type { Clip } from "../../../../assets/people/poses/index.ts";
import { own } from "../../../../assets/people/poses/joints.ts";
import type { Desk } from "../../state/office.ts";
import { CHAIR_FORWARD, type End, walks } from "./gait.ts";
import { NODES, place, SEATS, type Step } from "./graph.ts";

export interface Role extends Step {
  clip: Clip;
  /** The clip's own time, in seconds; of a walk the angle of the legs' swing. */
  seconds: number;
  /** What they come from, and how much of it is left behind: 1 is all of it. */
  from: Clip;
  fromSeconds: number;
  share: number;
  /** How far the trunk leans forward on top of that, in radians. */
  lean: number;
  /** Where they are going; empty while they go nowhere. */
  goal: string;
  walking: boolean;
}

export const role = (): Role => ({
  x: 0,
  z: 0,
  heading: 0,
  clip: "sit",
  seconds: 0,
  from: "sit",
  fromSeconds: 0,
  share: 1,
  lean: 0,
  goal: "",
  walking: false,
});

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

/** Notes are looked through once: a desk is a new object whenever something of it changes. */
const manners = new WeakMap<Desk, Manner | "none">();

export function mannerAt(desk: Desk): Manner | undefined {
  let known = manners.get(desk);
  if (known === undefined) {
    known = mannerOf(desk.note) ?? "none";
    manners.set(desk, known);
  }
  return known === "none" ? undefined : known;
}

const before: End = { clip: "sit", seconds: 0 };
const after: End = { clip: "sit", seconds: 0 };

/** Writes into `out` what worker `index` does at `now`; nothing is allocated. */
export function cast(out: Role, desk: Desk, index: number, now: number): void {
  out.seconds = (now - desk.since) / 1000;
  out.share = 1;
  out.lean = 0;
  out.goal = "";
  out.walking = false;
  if (onTheWay(out, desk, index, now)) return;
  const where = desk.path && now >= desk.path[2] ? desk.path[1] : (desk.place ?? seatOf(index));
  const stays = desk.activity === "idle" && where !== seatOf(index) ? place(where) : undefined;
  if (stays) put(out, stays.at.x, stays.at.z, stays.face, PLACE_CLIPS[stays.pose] ?? "stand");
  else atDesk(out, desk, index, now);
}

const SEAT_NAMES = Array.from({ length: 10 }, (_, index) => `desk-${index}`);
const seatOf = (index: number): string => SEAT_NAMES[index] ?? "desk-0";

function put(out: Role, x: number, z: number, heading: number, clip: Clip): void {
  out.x = x;
  out.z = z;
  out.heading = heading;
  out.clip = clip;
}

function onTheWay(out: Role, desk: Desk, index: number, now: number): boolean {
  if (!desk.path) return false;
  const [from, to, start, end] = desk.path;
  if (now < start || now >= end) return false;
  if (desk.activity !== "idle" && now - desk.since > SNAP_MS) return false;
  // What one rests from was so when one set out, when nobody had called yet.
  before.clip = from === seatOf(index) ? habit(index, start) : poseAt(from);
  after.clip = to === seatOf(index) ? seatedClip(desk, index, now) : poseAt(to);
  before.seconds = after.seconds = out.seconds;
  return walks(out, desk.path, now, before, after);
}

const poseAt = (name: string): Clip => PLACE_CLIPS[place(name)?.pose ?? ""] ?? "stand";

function atDesk(out: Role, desk: Desk, index: number, now: number): void {
  const seat = SEATS.get(seatOf(index));
  if (!seat) return;
  put(out, seat.x, seat.z + CHAIR_FORWARD, 0, seatedClip(desk, index, now));
  if (desk.activity !== "done") return;
  const beside = NODES.get(seatOf(index)) ?? seat;
  const up = risen(out.seconds);
  out.x += (beside.x - out.x) * up;
  out.z += (beside.z - out.z) * up;
  out.heading = TO_VIEWER * up;
}

function seatedClip(desk: Desk, index: number, now: number): Clip {
  if (desk.activity === "off") return "sleep";
  if (desk.activity === "failed") return "slump";
  if (desk.activity === "waiting") return "wait";
  if (desk.activity === "done") return "cheer";
  if (desk.activity === "idle") return habit(index, now);
  const manner = mannerAt(desk);
  if (manner) return WORK[manner];
  const phase = (now + own(index, 7) * PAUSE_MS) % PAUSE_MS;
  return phase < PAUSE_FOR_MS && now - desk.since > PAUSE_FOR_MS ? "think" : "type";
}

function habit(index: number, now: number): Clip {
  const turn = Math.floor((now + own(index, 8) * HABIT_MS) / HABIT_MS);
  return HABITS[Math.floor(own(index + turn * 13, 9) * HABITS.length)] ?? "read";
}

/** Where the light of a desk's monitor comes from, in the room. */
export const screenOf = (desk: { readonly x: number; readonly z: number }): readonly [number, number, number] => [
  desk.x + MONITOR.x,
  MONITOR.y,
  desk.z + MONITOR.z,
];
