/** The ten workers together: roles, poses and blends, placed from the state at every render. */
import { type Color, Group } from "three";
import { DESKS, ROOM } from "../../../../assets/layout.ts";
import { PEOPLE } from "../../../../assets/people/looks.ts";
import type { OfficeState } from "../../state/office.ts";
import type { Models } from "../room/models.ts";
import { cast, type Role, role, screenOf } from "./cast.ts";
import { apart, type Step, turned } from "./graph.ts";
import { blended, type Clip, JOINTS, type Pose, pose } from "./pose.ts";
import { bones, sharedSkeleton, type Worker, worker } from "./worker.ts";

const BLEND_MS = 250;
/** A step to the side, in metres. */
const STEP_MAX = 1.6;
const GLOW = { day: 0.22, night: 0.85 } as const;

interface Actor {
  readonly worker: Worker;
  readonly role: Role;
  readonly joints: Pose;
  /** Where the last change of clip began, and from which pose. */
  readonly before: Pose;
  clip: Clip | undefined;
  changedAt: number;
  /** Where they were drawn last, and where when the last change began. */
  readonly stood: Step;
  readonly from: Step;
}

export interface Crowd {
  readonly group: Group;
  readonly roles: readonly Role[];
  /** Places and poses everybody for `now`; says whether somebody walks or still changes pose. */
  update(state: OfficeState, now: number, still: boolean): boolean;
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
      clip: undefined,
      changedAt: Number.NEGATIVE_INFINITY,
      stood: { x: 0, z: 0, heading: 0 },
      from: { x: 0, z: 0, heading: 0 },
    };
  });
  let strength: number = GLOW.day;
  const lampAt = lampSampler(models.floor);
  return {
    group,
    roles: actors.map((actor) => actor.role),
    update(state, now, still) {
      let busy = false;
      for (let index = 0; index < actors.length; index++) {
        const [actor, desk] = [actors[index], state.desks[index]];
        if (!actor || !desk) continue;
        cast(actor.role, desk, index, still && desk.path ? Math.max(now, desk.path[3]) : now);
        act(actor, index, now, still);
        actor.worker.lit.lampHere.value = lampAt(actor.role.x, actor.role.z);
        busy ||= actor.role.walking || now - actor.changedAt < BLEND_MS;
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

function act(actor: Actor, index: number, now: number, still: boolean): void {
  const { role: part, joints, worker: body, stood } = actor;
  if (part.clip !== actor.clip) change(actor, now);
  if (still) part.seconds = 0;
  const share = still ? 1 : Math.max(0, Math.min(1, (now - actor.changedAt) / BLEND_MS));
  body.pose(blended(pose(joints, part.clip, part.seconds, index), actor.before, share));
  step(actor, share);
  body.stand(stood.x, stood.z, stood.heading);
}

function change(actor: Actor, now: number): void {
  actor.before.set(actor.joints);
  Object.assign(actor.from, actor.stood);
  actor.changedAt = actor.clip === undefined ? Number.NEGATIVE_INFINITY : now;
  actor.clip = actor.role.clip;
}

/** Somebody who gets up or sits down goes there softly; anything farther is a cut. */
function step({ role: part, from, stood }: Actor, share: number): void {
  const soft = share < 1 && apart(from, part) < STEP_MAX ? share : 1;
  stood.x = from.x + (part.x - from.x) * soft;
  stood.z = from.z + (part.z - from.z) * soft;
  stood.heading = turned(from.heading, part.heading, soft);
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
