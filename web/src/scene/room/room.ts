/** The room as one thing: everything in it that stands still, and how it follows the state and the hour. */
import { type Camera, Group } from "three";
import { DESKS } from "../../../../assets/layout.ts";
import type { Course } from "../../state/course.ts";
import type { OfficeState } from "../../state/office.ts";
import { type Crowd, crowd } from "../people/crowd.ts";
import { climbers } from "./climbers.ts";
import { hands } from "./clock.ts";
import { confetti } from "./confetti.ts";
import { display } from "./display.ts";
import { dreams } from "./dreams.ts";
import { floor } from "./floor.ts";
import { lightAt } from "./hours.ts";
import { lights } from "./lights.ts";
import type { Models } from "./models.ts";
import { monitors } from "./monitors.ts";
import { blockout, furnished, ground } from "./office.ts";
import { pools } from "./pools.ts";
import { type Shining, shining } from "./shining.ts";
import { sunlight } from "./sunlight.ts";
import { timers } from "./timers.ts";
import { trays } from "./trays.ts";

export interface Room {
  readonly group: Group;
  /** Puts the models in the place of the first plain boxes. */
  furnish(models: Models): void;
  show(state: OfficeState, now: number): void;
  /** The light of an hour of the day, 0 to 24. */
  light(hour: number): void;
  /** Moves people and what flies about; true while it needs the display's rate. */
  animate(course: Course, now: number, camera: Camera, still: boolean): boolean;
  /** Somebody is clicked, and looks up. */
  look(desk: number | undefined): void;
  /** True while they do, which no moment of the office tells. */
  looking(): boolean;
  /** Where everybody is; empty before the models arrived. */
  people(): Crowd["roles"];
}

/**
 * @param changed called when something changed by itself and wants to be drawn
 * @param steady a clock of this machine, in milliseconds
 */
export function room(changed: () => void, steady: () => number): Room {
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
    climbers: climbers(),
    timers: timers(),
  };
  const plain = blockout();
  const late = [parts.sun.group, parts.pools.mesh, parts.screens.mesh, parts.display.mesh, parts.trays.mesh, parts.clock.mesh];
  const group = new Group();
  group.add(parts.lights.group, parts.floor.mesh, parts.ground.mesh, plain.mesh);
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
      group.add(furnished(models), people.group, shines.group, ...late);
      group.add(...[parts.confetti, parts.dreams, parts.climbers, parts.timers].map(({ mesh }) => mesh));
      group.remove(plain.mesh);
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
    light(hour) {
      const light = lightAt(hour);
      for (const part of [parts.lights, parts.ground, parts.sun, parts.display, parts.pools]) part.light(light);
      shines?.light(light);
      people?.shine(light.glow);
      glow();
      parts.pools.commit();
    },
    animate(course, now, camera, still) {
      parts.clock.show(now);
      parts.display.keep(now);
      if (!people) return false;
      const state = course.at(-1)?.state;
      const busy = people.update(course, now, still, camera, steady);
      const flying = still ? false : parts.confetti.update(people.roles, parts.screens.colour);
      parts.dreams.update(people.roles, camera);
      parts.timers.update(state, now);
      return parts.climbers.update(state, now, still) || busy || flying;
    },
    look: (desk) => people?.look(desk, steady()),
    looking: () => people?.looking(steady()) ?? false,
    people: () => people?.roles ?? [],
  };
}
