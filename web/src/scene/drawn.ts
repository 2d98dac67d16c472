/** What is drawn at each desk, for tests that compare it with the database: of the 3D room and of the flat one alike. */
import type { OfficeState } from "../state/office.ts";
import type { Stage } from "./contract.ts";

export function drawnDesks(state: OfficeState | undefined, words: (desk: number) => string): ReturnType<Stage["drawn"]> {
  return Object.entries(state?.desks ?? {}).map(([key, { activity, execution }]) => {
    const desk = Number(key);
    return { desk, activity, ...(execution === undefined ? {} : { execution }), plate: words(desk) };
  });
}
