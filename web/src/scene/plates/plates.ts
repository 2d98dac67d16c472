/** All plates of the room: written from the state, placed when the camera, the state or a size has changed. */
import { DESKS } from "../../../../assets/layout.ts";
import type { OfficeState } from "../../state/office.ts";
import { plateElement, type Tip } from "./element.ts";
import { BACK_ROW, deskPlate, isFaded, keptClear, stairsPlate, UPSTAIRS, type View } from "./places.ts";
import { type Placed, type Plate, solved } from "./solver.ts";
import { plateText } from "./text.ts";
import { upstairsPlate } from "./upstairs.ts";

/** What a person looks at among the desks. */
export interface Looked {
  readonly selected: number | undefined;
  /** The one batch that is looked at. */
  readonly only: string | undefined;
}

export interface Plates {
  /** Brings words, rings and places up to date; cheap when nothing changed. */
  update(state: OfficeState, now: number, looked: Looked, view: View): void;
  words(desk: number): string;
  /** The plate at a point of the page: a desk's number, 10 for the stairs. */
  hit(x: number, y: number): number | undefined;
}

export function plates(parent: HTMLElement): Plates {
  const elements = DESKS.map(() => plateElement(parent));
  const up = upstairsPlate(parent);
  let [places, revision, stance, step]: [readonly Placed[], number, string, number] = [[], -1, "", 0];
  let remeasure = false;

  document.fonts?.ready.then(() => {
    remeasure = true;
  });

  function write(state: OfficeState, now: number, { selected, only }: Looked): boolean {
    let changed = up.write(state.overflow.count);
    if (changed) up.measure();
    elements.forEach((element, index) => {
      const desk = state.desks[index];
      if (!desk) return;
      element.fade(isFaded(desk, only));
      if (!element.write(plateText(state, desk, now), index === selected, index >= BACK_ROW)) return;
      element.measure();
      changed = true;
    });
    return changed;
  }

  function wanted(state: OfficeState, { selected, only }: Looked, view: View): Plate[] {
    const list = elements.flatMap((element, index): Plate[] => {
      const desk = state.desks[index];
      if (!desk) return [];
      return [deskPlate(desk, index, { sizes: element.sizes(), selected: index === selected, faded: isFaded(desk, only) }, view)];
    });
    if (up.shown()) list.push(stairsPlate(up.sizes(), view));
    return list;
  }

  function arrange(state: OfficeState, looked: Looked, view: View): void {
    const list = wanted(state, looked, view);
    const answer = solved(list, keptClear(state, view), step);
    ({ places, step } = answer);
    places.forEach((place, index) => {
      const plate = list[index];
      if (plate) (place.id === UPSTAIRS ? up : elements[place.id])?.put(place, tipOf(plate, place));
    });
    if (!up.shown()) up.measure();
  }

  return {
    update(state, now, looked, view) {
      const stands = stanceOf(state, looked);
      const changed = write(state, now, looked) || remeasure;
      if (remeasure) for (const element of [...elements, up]) element.measure();
      remeasure = false;
      if (!changed && revision === view.revision && stands === stance) return;
      // What the picture before was like counts only while nothing but the camera moves: else a moment would depend on those before it.
      if (changed || stands !== stance) step = 0;
      [revision, stance] = [view.revision, stands];
      arrange(state, looked, view);
    },
    words: (desk) => elements[desk]?.words() ?? "",
    hit: (x, y) => {
      const over = places.filter(({ level }) => level !== "hidden");
      return over.find((place) => Math.abs(place.x - x) <= place.width / 2 && Math.abs(place.y - y) <= place.height / 2)?.id;
    },
  };
}

/** Over a head it points down, at a desk's edge up. */
function tipOf({ at, or }: Plate, { y }: Placed): Tip {
  const above = or !== undefined && Math.abs(y - at.y) < Math.abs(y - or.y);
  return { x: above || or === undefined ? at.x : or.x, above };
}

/** What decides where plates stand, beside their words: who does what and is where, and what is looked at. */
function stanceOf(state: OfficeState, { selected, only }: Looked): string {
  let stance = `${selected} ${only} ${state.overflow.count > 0}`;
  for (let desk = 0; desk < DESKS.length; desk++) {
    const { activity, place, batch } = state.desks[desk] ?? {};
    stance += ` ${activity} ${place} ${only === undefined || batch === only}`;
  }
  return stance;
}
