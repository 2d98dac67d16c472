/** Which desks are dimmed, so that those of one batch stand out: values that the surfaces of the room read when they are drawn. */
import { DESKS, SEAT_TO_DESK } from "../../../../assets/layout.ts";
import type { OfficeState } from "../../state/office.ts";

/** 1 where a desk is dimmed, else 0. */
export const dims = { desks: { value: new Float32Array(DESKS.length) }, people: DESKS.map(() => ({ value: 0 })) };

/** Dims all desks that do not work for the batch; without one, none. */
export function dim(state: OfficeState, only: string | undefined): void {
  for (let desk = 0; desk < DESKS.length; desk++) {
    const value = only === undefined || state.desks[desk]?.batch === only ? 0 : 1;
    dims.desks.value[desk] = value;
    const person = dims.people[desk];
    if (person) person.value = value;
  }
}

const number = (value: number): string => value.toFixed(3);
const [first, second, behind] = [DESKS[0], DESKS[1], DESKS[5]];
const [LEFT, STEP] = [first?.x ?? 0, (second?.x ?? 1) - (first?.x ?? 0)];
const [BACK, FRONT] = [(first?.z ?? 0) - SEAT_TO_DESK / 2, (behind?.z ?? 0) - SEAT_TO_DESK / 2];

/** GLSL: how dimmed a point of the room is. Furniture within the reach of a desk's place belongs to it; rugs and walls to nobody. */
export const DIM_AT = /* glsl */ `
uniform float dims[${DESKS.length}];
float dimAt(vec3 place) {
  float column = (place.x - ${number(LEFT)}) / ${number(STEP)} + 0.5;
  float back = abs(place.z - ${number(BACK)});
  float front = abs(place.z - ${number(FRONT)});
  float inside = step(0.06, place.y) * step(place.y, 1.9) * step(min(back, front), 1.05);
  inside *= step(0.0, column) * step(column, 5.0) * step(abs(fract(column) - 0.5), 0.45);
  int desk = int(clamp(floor(column), 0.0, 4.0)) + (front < back ? 5 : 0);
  return inside * dims[desk];
}
`;

/** GLSL: a colour as it is seen at somebody who is not looked at. */
export const DIM_COLOUR = /* glsl */ `
vec3 dimmed(vec3 colour, float much) {
  float grey = dot(colour, vec3(0.3, 0.59, 0.11));
  return mix(colour, vec3(grey) * 0.88 + 0.05, much * 0.86);
}
`;
