/** Ten people, told apart by hair, skin, clothes and what they wear. */
import { cycled } from "../chance.ts";
import { HAIRS, SHIRTS, SHOES, SKINS, TROUSERS } from "../palette.ts";

export type Hair = "quiff" | "bun" | "bob" | "spikes" | "beanie" | "beard" | "curls" | "ponytail" | "waves" | "crop";

export interface Look {
  readonly skin: string;
  readonly hair: string;
  readonly style: Hair;
  readonly shirt: string;
  readonly trousers: string;
  readonly shoes: string;
  readonly longSleeves: boolean;
  readonly glasses: boolean;
  readonly headphones: boolean;
  readonly hood: boolean;
  readonly badge: boolean;
  /** Beanies and ear cups. */
  readonly accent: string;
}

const STYLES: readonly [Hair, ...Hair[]] = ["quiff", "bun", "bob", "spikes", "beanie", "beard", "curls", "ponytail", "waves", "crop"];

export const PEOPLE = 10;

export function look(person: number): Look {
  return {
    skin: cycled(SKINS, person),
    hair: cycled(HAIRS, person),
    style: cycled(STYLES, person),
    shirt: cycled(SHIRTS, person),
    trousers: cycled(TROUSERS, person),
    shoes: cycled(SHOES, person),
    longSleeves: person % 2 === 1,
    glasses: person % 3 === 1,
    headphones: person === 2 || person === 6,
    hood: person % 3 === 0,
    badge: person % 4 === 1,
    accent: cycled(SHIRTS, person * 3 + 3),
  };
}
