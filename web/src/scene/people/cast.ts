/** What each worker does and where, as a pure function of the desk's state and the moment. */
import { MONITOR } from "../../../../assets/layout.ts";
import type { Desk } from "../../state/office.ts";
import { along, NODES, place, route, SEATS, type Step } from "./graph.ts";
import { type Clip, own, stride } from "./pose.ts";

export interface Role extends Step {
  clip: Clip;
  /** The clip's own time, in seconds. */
  seconds: number;
  walking: boolean;
}

export const role = (): Role => ({ x: 0, z: 0, heading: 0, clip: "sit", seconds: 0, walking: false });

/** A worker who is still on the way to work is put on the chair after this. */
export const SNAP_MS = 3000;
/** Idle habits change this often, each person at another moment. */
const HABIT_MS = 24_000;
const HABITS = ["read", "phone", "coffee", "stretch", "think", "read"] as const;
/** Now and then somebody at work leans back and thinks. */
const PAUSE_MS = 26_000;
const PAUSE_FOR_MS = 4500;
/** The chair stands a little closer to the desk than the seat's mark. */
const CHAIR_FORWARD = 0.04;
/** Who cheers turns to the viewer. */
const TO_VIEWER = 0.5;

const PLACE_CLIPS: Readonly<Record<string, Clip>> = {
  coffee: "sip",
  look: "stand",
  read: "leaf",
  sit: "sit",
  lounge: "lounge",
  crouch: "crouch",
};

/** Writes into `out` what worker `index` does at `now`; nothing is allocated. */
export function cast(out: Role, desk: Desk, index: number, now: number): void {
  out.seconds = (now - desk.since) / 1000;
  out.walking = false;
  if (walks(out, desk, now)) return;
  const where = desk.path && now >= desk.path[2] ? desk.path[1] : (desk.place ?? seatOf(index));
  const stays = desk.activity === "idle" && where !== seatOf(index) ? place(where) : undefined;
  if (stays) {
    put(out, stays.at.x, stays.at.z, stays.face, PLACE_CLIPS[stays.pose] ?? "stand");
    return;
  }
  atDesk(out, desk, index, now);
}

const SEAT_NAMES = Array.from({ length: 10 }, (_, index) => `desk-${index}`);
const seatOf = (index: number): string => SEAT_NAMES[index] ?? "desk-0";

function put(out: Role, x: number, z: number, heading: number, clip: Clip): void {
  out.x = x;
  out.z = z;
  out.heading = heading;
  out.clip = clip;
}

function walks(out: Role, desk: Desk, now: number): boolean {
  if (!desk.path) return false;
  const [from, to, start, end] = desk.path;
  if (now < start || now >= end) return false;
  if (desk.activity !== "idle" && now - desk.since > SNAP_MS) return false;
  const way = route(from, to);
  if (!way) return false;
  const walked = (way.length * (now - start)) / Math.max(1, end - start);
  along(way, walked, out);
  out.clip = "walk";
  out.seconds = stride(walked);
  out.walking = true;
  return true;
}

function atDesk(out: Role, desk: Desk, index: number, now: number): void {
  const seat = SEATS.get(seatOf(index));
  if (!seat) return;
  if (desk.activity === "done") {
    const beside = NODES.get(seatOf(index)) ?? seat;
    put(out, beside.x, beside.z, TO_VIEWER, "cheer");
    return;
  }
  put(out, seat.x, seat.z + CHAIR_FORWARD, 0, seatedClip(desk, index, now));
}

function seatedClip(desk: Desk, index: number, now: number): Clip {
  if (desk.activity === "off") return "sleep";
  if (desk.activity === "failed") return "slump";
  if (desk.activity === "waiting") return "think";
  if (desk.activity === "idle") return habit(index, now);
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
