/** Clock times under the scrubber: round ones, as many as have room, the two ends always. */
import { clockSeconds, clockTime, day } from "../numbers.ts";
import { type Scale, xOf } from "./chart.tsx";

const STEPS_S = [5, 10, 15, 30, 60, 120, 300, 600, 900, 1_200, 1_800, 3_600, 7_200, 10_800, 14_400, 21_600];
/** Two times stand so many pixels apart. */
const APART_PX = 96;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

export interface TimeMark {
  readonly at: number;
  readonly words: string;
  /** How it stands to its moment. */
  readonly edge: "start" | "middle" | "end";
}

function stepFor({ bounds: [from, to], width }: Scale): number {
  const most = Math.max(1, Math.floor(width / APART_PX));
  const step = STEPS_S.find((seconds) => (to - from) / (seconds * 1000) <= most) ?? STEPS_S.at(-1) ?? 1;
  return step * 1000;
}

function wordsFor(step: number): (at: number) => string {
  return step < MINUTE_MS ? clockSeconds : clockTime;
}

/** Round moments of the reader's own clock. */
export function ticks(scale: Scale): readonly TimeMark[] {
  const [from, to] = scale.bounds;
  if (to <= from) return [];
  const step = stepFor(scale);
  const words = wordsFor(step);
  const shift = new Date(from).getTimezoneOffset() * MINUTE_MS;
  const first = Math.ceil((from - shift) / step) * step + shift;
  const round = Array.from({ length: Math.max(0, Math.floor((to - first) / step) + 1) }, (_, index) => first + index * step);
  const inside = round.filter((at) => xOf(at, scale) > APART_PX && xOf(at, scale) < scale.width - APART_PX);
  const long = to - from > DAY_MS / 2 && new Date(from).getDate() !== new Date(to).getDate();
  return [
    { at: from, words: long ? `${day(from)}, ${words(from)}` : words(from), edge: "start" },
    ...inside.map((at): TimeMark => ({ at, words: words(at), edge: "middle" })),
    { at: to, words: long ? `${day(to)}, ${words(to)}` : words(to), edge: "end" },
  ];
}
