/** The ten workers together: roles, poses and blends, placed from the state at every render. */
import { type Camera, type Color, Group } from "three";
import { DESKS, ROOM } from "../../../../assets/layout.ts";
import { PEOPLE } from "../../../../assets/people/looks.ts";
import { type Clip, posed } from "../../../../assets/people/poses/index.ts";
import { blended, JOINT, JOINTS, type Pose, When } from "../../../../assets/people/poses/joints.ts";
import type { Course } from "../../state/course.ts";
import type { Desk } from "../../state/office.ts";
import type { Models } from "../room/models.ts";
import { CHEER_STILL_MS, cast, type Role, role, screenOf } from "./cast.ts";
import { glance, isLooking, lookedUp } from "./glance.ts";
import { apart, type Step, turned } from "./graph.ts";
import { TURN_MS, type Turn, turn, turning } from "./turn.ts";
import { bones, sharedSkeleton, type Worker, worker } from "./worker.ts";

/** A step to the side, in metres. */
const STEP_MAX = 1.6;
/** The moment at which a clip is shown where nothing moves; its beginning unless said. */
const STILL_SECONDS: Partial<Record<Clip, number>> = { cheer: CHEER_STILL_MS / 1000, slump: 2.2 };

interface Actor {
  readonly worker: Worker;
  readonly role: Role;
  readonly joints: Pose;
  /** From which clip they change to another, and its pose. */
  readonly turn: Turn;
  readonly before: Pose;
  /** Another pose, on the way to one. */
  readonly other: Pose;
  readonly stood: Step;
  /** How much of a change of clip is over; 1 where there is none. */
  changed: number;
}

export interface Crowd {
  readonly group: Group;
  readonly roles: readonly Role[];
  /**
   * Places and poses everybody for `now`, by the course and nothing else; says whether somebody walks or still changes pose.
   * @param steady a clock of this machine, which is read only while somebody has been clicked
   */
  update(course: Course, now: number, still: boolean, camera: Camera, steady: () => number): boolean;
  /** Somebody is clicked, and looks up. */
  look(desk: number | undefined, steady: number): void;
  looking(steady: number): boolean;
  /** The colour of each desk's monitor, black where it is off. */
  glow(desk: number, colour: Color): void;
  /** How much monitors shine on faces: by night much, by day hardly. */
  shine(strength: number): void;
}

interface Look {
  desk: number | undefined;
  at: number;
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
    return actor(made);
  });
  let strength = 0;
  const seen: Look = { desk: undefined, at: 0 };
  const lampOn = lampSampler(models.floor);

  /** Says whether somebody changes from one clip to another. */
  function acted(actor: Actor, desk: Desk, index: number, course: Course, still: boolean): boolean {
    moment.at = still ? settled(desk, shown.at) : shown.at;
    cast(actor.role, desk, index, moment);
    const turns = !still && turning(actor.turn, course, index, actor.role, shown);
    if (still) stand(actor.role);
    actor.changed = turns ? (shown.at - actor.turn.at) / TURN_MS : 1;
    act(actor, index);
    return turns;
  }

  return {
    group,
    roles: actors.map((actor) => actor.role),
    update(course, now, still, camera, steady) {
      let busy = false;
      shown.at = now;
      const desks = course.at(-1)?.state.desks;
      for (let index = 0; index < actors.length; index++) {
        const actor = actors[index];
        const desk = desks?.[index];
        if (!actor || !desk) continue;
        const turns = acted(actor, desk, index, course, still);
        if (index === seen.desk && actor.role.clip !== "sleep") looked(actor, camera, steady() - seen.at, still);
        actor.worker.pose(actor.joints);
        lampOn(actor);
        busy ||= turns || actor.role.walking;
      }
      return (busy && !still) || (seen.desk !== undefined && isLooking(steady() - seen.at));
    },
    look: (desk, at) => void Object.assign(seen, { desk, at }),
    looking: (steady) => seen.desk !== undefined && isLooking(steady - seen.at),
    glow(desk, colour) {
      actors[desk]?.worker.lit.glow.value.copy(colour).multiplyScalar(strength);
    },
    shine(next) {
      strength = next;
    },
  };
}

const actor = (made: Worker): Actor => ({
  worker: made,
  role: role(),
  joints: new Float32Array(JOINTS),
  before: new Float32Array(JOINTS),
  other: new Float32Array(JOINTS),
  turn: turn(),
  stood: { x: 0, z: 0, heading: 0 },
  changed: 1,
});

/** @param after so many milliseconds after they were clicked */
function looked({ joints, stood }: Actor, camera: Camera, after: number, still: boolean): void {
  if (isLooking(after)) glance(joints, stood, camera.position, still ? 1 : lookedUp(after));
}

/** The moment for which somebody is drawn where nothing moves: once they have arrived, and while they stand and cheer. */
function settled(desk: Desk, now: number): number {
  if (desk.activity === "done") return desk.since + CHEER_STILL_MS;
  return desk.path ? Math.max(now, desk.path[3]) : now;
}

function stand(part: Role): void {
  part.seconds = STILL_SECONDS[part.clip] ?? 0;
}

/** The moment of the render, in milliseconds, and one that is handed on: numbers that go from function to function are boxed. */
const shown = new When();
const moment = new When();

/** Writes the joints of somebody in a role. */
function enact(out: Pose, other: Pose, part: Role, index: number): void {
  moment.at = part.seconds;
  posed(out, part.clip, moment, index);
  if (part.share < 1) {
    moment.at = part.fromSeconds;
    blended(out, posed(other, part.from, moment, index), part.share);
  }
  out[JOINT.torsoRx] = (out[JOINT.torsoRx] ?? 0) + part.lean;
}

function act(actor: Actor, index: number): void {
  const { role: part, joints, before, other, worker: body, stood, turn: change } = actor;
  enact(joints, other, part, index);
  if (actor.changed < 1) {
    enact(before, other, change.from, index);
    blended(joints, before, actor.changed);
  }
  step(actor);
  body.stand(stood);
}

/** Somebody who gets up or sits down goes there softly; anything farther is a cut. */
function step({ stood: out, turn: { from }, role: to, changed }: Actor): void {
  const soft = changed < 1 && apart(from, to) < STEP_MAX ? changed : 1;
  out.x = from.x + (to.x - from.x) * soft;
  out.z = from.z + (to.z - from.z) * soft;
  out.heading = turned(from.heading, to.heading, soft);
}

/** Lamplight on the floor, as the bake found it: a share of the most there is. */
function lampSampler({ lamp, width, height }: Models["floor"]): (actor: Actor) => void {
  return ({ role: { x, z }, worker: { lit } }) => {
    const column = Math.floor(((x - ROOM.x0) / (ROOM.x1 - ROOM.x0)) * width);
    const row = Math.floor(((z - ROOM.z0) / (ROOM.z1 - ROOM.z0)) * height);
    const stored = (lamp[Math.max(0, Math.min(height - 1, row)) * width + Math.max(0, Math.min(width - 1, column))] ?? 0) / 255;
    lit.lampHere.value = Math.max(0.12, stored * stored * 1.6);
  };
}
