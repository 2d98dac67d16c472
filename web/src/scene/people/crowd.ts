/** The ten workers together: roles, poses and blends, placed from the state at every render. */
import { type Color, Group } from "three";
import { DESKS, ROOM } from "../../../../assets/layout.ts";
import { PEOPLE } from "../../../../assets/people/looks.ts";
import type { Course } from "../../state/course.ts";
import type { Models } from "../room/models.ts";
import { cast, type Role, role, screenOf } from "./cast.ts";
import { apart, type Step, turned } from "./graph.ts";
import { blended, JOINTS, type Pose, pose } from "./pose.ts";
import { TURN_MS, type Turn, turn, turning } from "./turn.ts";
import { bones, sharedSkeleton, type Worker, worker } from "./worker.ts";

/** A step to the side, in metres. */
const STEP_MAX = 1.6;
const GLOW = { day: 0.22, night: 0.85 } as const;

interface Actor {
  readonly worker: Worker;
  readonly role: Role;
  readonly joints: Pose;
  /** From which clip they change to another, and its pose. */
  readonly turn: Turn;
  readonly before: Pose;
  readonly stood: Step;
}

export interface Crowd {
  readonly group: Group;
  readonly roles: readonly Role[];
  /** Places and poses everybody for `now`, by the course and nothing else; says whether somebody walks or still changes pose. */
  update(course: Course, now: number, still: boolean): boolean;
  /** The colour of each desk's monitor, black where it is off. */
  glow(desk: number, colour: Color): void;
  /** Monitors shine on faces by night; by day hardly. */
  night(on: boolean): void;
}

export function crowd(models: Models): Crowd {
  const people = Array.from({ length: PEOPLE }, bones);
  const skeleton = sharedSkeleton(people);
  const group = new Group();
  const actors = people.map((own, index): Actor => {
    const made = worker(index, models.part(`person-${index}`), own, skeleton);
    const desk = DESKS[index];
    if (desk) made.lit.glowFrom.value.set(...screenOf(desk));
    group.add(made.root, made.mesh);
    return {
      worker: made,
      role: role(),
      joints: new Float32Array(JOINTS),
      before: new Float32Array(JOINTS),
      turn: turn(),
      stood: { x: 0, z: 0, heading: 0 },
    };
  });
  let strength: number = GLOW.day;
  const lampAt = lampSampler(models.floor);
  return {
    group,
    roles: actors.map((actor) => actor.role),
    update(course, now, still) {
      let busy = false;
      const desks = course.at(-1)?.state.desks;
      for (let index = 0; index < actors.length; index++) {
        const [actor, desk] = [actors[index], desks?.[index]];
        if (!actor || !desk) continue;
        cast(actor.role, desk, index, still && desk.path ? Math.max(now, desk.path[3]) : now);
        const turns = !still && turning(actor.turn, course, index, actor.role.clip, now);
        act(actor, index, turns ? (now - actor.turn.at) / TURN_MS : 1, still);
        actor.worker.lit.lampHere.value = lampAt(actor.role.x, actor.role.z);
        busy ||= turns || actor.role.walking;
      }
      return busy && !still;
    },
    glow(desk, colour) {
      actors[desk]?.worker.lit.glow.value.copy(colour).multiplyScalar(strength);
    },
    night(on) {
      strength = on ? GLOW.night : GLOW.day;
    },
  };
}

/** @param share how much of a change of clip is over; 1 where there is none */
function act(actor: Actor, index: number, share: number, still: boolean): void {
  const { role: part, joints, before, worker: body, stood, turn: change } = actor;
  if (still) part.seconds = 0;
  pose(joints, part.clip, part.seconds, index);
  if (share < 1) pose(before, change.from.clip, change.from.seconds, index);
  body.pose(blended(joints, before, share));
  step(stood, change.from, part, share);
  body.stand(stood.x, stood.z, stood.heading);
}

/** Somebody who gets up or sits down goes there softly; anything farther is a cut. */
function step(out: Step, from: Step, to: Step, share: number): void {
  const soft = share < 1 && apart(from, to) < STEP_MAX ? share : 1;
  out.x = from.x + (to.x - from.x) * soft;
  out.z = from.z + (to.z - from.z) * soft;
  out.heading = turned(from.heading, to.heading, soft);
}

/** Lamplight on the floor, as the bake found it: a share of the most there is. */
function lampSampler({ lamp, width, height }: Models["floor"]): (x: number, z: number) => number {
  return (x, z) => {
    const column = Math.floor(((x - ROOM.x0) / (ROOM.x1 - ROOM.x0)) * width);
    const row = Math.floor(((z - ROOM.z0) / (ROOM.z1 - ROOM.z0)) * height);
    const stored = (lamp[Math.max(0, Math.min(height - 1, row)) * width + Math.max(0, Math.min(width - 1, column))] ?? 0) / 255;
    return Math.max(0.12, stored * stored * 1.6);
  };
}
