/** What a painter outside the page needs to know of the room beside its models: measures, colours, bones, screens, words of notes. Read by server/preview. */
import {
  CLOCK,
  DESK,
  DESKS,
  DISPLAY,
  FLOOR_LAMPS,
  hasLamp,
  LAMP_POOL,
  MONITOR,
  ROOM,
  SEAT_TO_DESK,
  STAIRS,
  TRAYS,
  WINDOWS,
} from "./layout.ts";
import { LAMPLIGHT_MAX } from "./manifest.ts";
import { C, CONFETTI, FAILED_GLOW, HUES_DAY, HUES_NIGHT, PLANKS } from "./palette.ts";
import { MANNERS } from "./people/manners.ts";
import { SIZE, SKELETON } from "./people/skeleton.ts";
import { SCREEN, SCREENS } from "./screens.ts";

const measures = {
  room: ROOM,
  desk: DESK,
  monitor: MONITOR,
  display: DISPLAY,
  windows: WINDOWS,
  stairs: STAIRS,
  clock: CLOCK,
  trays: TRAYS,
};
const places = {
  desks: DESKS.map(({ x, z }, desk) => ({ x, z, lamp: hasLamp(desk) })),
  seatToDesk: SEAT_TO_DESK,
  lampPool: LAMP_POOL,
  floorLamps: FLOOR_LAMPS,
};
const colours = { named: C, planks: PLANKS, confetti: CONFETTI, huesDay: HUES_DAY, huesNight: HUES_NIGHT, failedGlow: FAILED_GLOW };

export const facts = {
  ...measures,
  ...places,
  ...colours,
  lamplightMax: LAMPLIGHT_MAX,
  person: { size: SIZE, bones: SKELETON },
  manners: MANNERS,
  screen: { ...SCREEN, shown: SCREENS },
};
