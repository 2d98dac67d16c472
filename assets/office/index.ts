/** The whole office, in the parts the scene treats differently. */
import { type Model, type Modeller, modeller } from "../model.ts";
import { desks } from "./desk.ts";
import { kitchen } from "./kitchen.ts";
import { lamps, shades } from "./lamps.ts";
import { lounge } from "./lounge.ts";
import { plants } from "./plants.ts";
import { shell } from "./room.ts";
import { neon, stairs, upstairsGlow } from "./stairs.ts";
import { sideboard, trays } from "./trays.ts";
import { wall } from "./wall.ts";
import { panes, windows } from "./windows.ts";

const built = (...parts: ReadonlyArray<(m: Modeller) => void>): Model => {
  const m = modeller();
  for (const part of parts) part(m);
  return m.model;
};

/** What stands still and takes light: its occlusion is baked. */
export const office = (): Model => built(shell, windows, wall, stairs, trays, sideboard, plants, kitchen, lounge, lamps, desks);

/** What shines by itself, each lit and unlit on its own. */
export const shining = {
  panes: () => built(panes),
  shades: () => built(shades),
  upstairs: () => built(upstairsGlow),
  neon: () => built(neon),
} as const;
