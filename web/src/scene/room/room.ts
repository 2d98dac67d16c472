/** The room as one thing: everything in it that stands still, and how it follows the state and the hour. */
import { type Camera, Group } from "three";
import { DESKS } from "../../../../assets/layout.ts";
import type { Course } from "../../state/course.ts";
import type { OfficeState } from "../../state/office.ts";
import { type Crowd, crowd } from "../people/crowd.ts";
import { hands } from "./clock.ts";
import { confetti } from "./confetti.ts";
import { display } from "./display.ts";
import { dreams } from "./dreams.ts";
import { floor } from "./floor.ts";
import { lights } from "./lights.ts";
import type { Models } from "./models.ts";
import { monitors } from "./monitors.ts";
import { blockout, furnished, ground } from "./office.ts";
import { pools } from "./pools.ts";
import { type Shining, shining } from "./shining.ts";
import { sunlight } from "./sunlight.ts";
import { trays } from "./trays.ts";

export interface Room {
  readonly group: Group;
  /** Puts the models in the place of the first plain boxes. */
  furnish(models: Models): void;
  show(state: OfficeState, now: number): void;
  night(on: boolean): void;
  /** Moves people and what flies about; true while it needs the display's rate. */
  animate(course: Course, now: number, camera: Camera, still: boolean): boolean;
  /** Where everybody is; empty before the models arrived. */
  people(): Crowd["roles"];
}

/** `changed` is called when something changed by itself and wants to be drawn. */
export function room(changed: () => void): Room {
  const parts = {
    lights: lights(),
    floor: floor(),
    ground: ground(),
    sun: sunlight(),
    pools: pools(),
    screens: monitors(),
    display: display(changed),
    trays: trays(),
    clock: hands(),
    confetti: confetti(),
    dreams: dreams(),
  };
  const plain = blockout();
  const late = [parts.sun.mesh, parts.pools.mesh, parts.screens.mesh, parts.display.mesh, parts.trays.mesh, parts.clock.mesh];
  const group = new Group();
  group.add(parts.lights.group, parts.floor.mesh, parts.ground.mesh, plain.group);
  let people: Crowd | undefined;
  let shines: Shining | undefined;

  function glow(): void {
    for (let desk = 0; desk < DESKS.length; desk++) {
      const colour = parts.screens.colour(desk);
      parts.pools.screen(desk, colour);
      people?.glow(desk, colour);
    }
  }

  return {
    group,
    furnish(models) {
      parts.floor.bake(models.floor);
      people = crowd(models);
      shines = shining(models);
      group.add(furnished(models), people.group, shines.group, ...late, parts.confetti.mesh, parts.dreams.mesh);
      group.remove(plain.group);
      plain.dispose();
    },
    show(state, now) {
      parts.screens.show(state);
      parts.display.show(state, now);
      parts.trays.show(state);
      glow();
      const over = state.overflow.count > 0;
      shines?.upstairs(over);
      parts.pools.upstairs(over);
      parts.pools.commit();
    },
    night(on) {
      for (const part of [parts.lights, parts.ground, parts.sun, parts.display, parts.pools]) part.night(on);
      shines?.night(on);
      people?.night(on);
      glow();
      parts.pools.commit();
    },
    animate(course, now, camera, still) {
      parts.clock.show(now);
      if (!people) return false;
      const busy = people.update(course, now, still);
      const flying = still ? false : parts.confetti.update(people.roles);
      parts.dreams.update(people.roles, camera);
      return busy || flying;
    },
    people: () => people?.roles ?? [],
  };
}
