/** One of the ten on the flat drawing: who they are by hair, skin and clothes, what they do by how they sit or stand. */
import { blend } from "../../../../assets/palette.ts";
import { type Look, look } from "../../../../assets/people/looks.ts";
import type { Activity } from "../../state/office.ts";
import { flatAt } from "./parallel.ts";

/** How somebody is drawn; beside what they do, only whether they are away from their desk. */
export type Stance = "works" | "rests" | "waits" | "sleeps" | "slumps" | "cheers" | "stands";

const STANCES: Readonly<Record<Activity, Stance>> = {
  working: "works",
  waiting: "waits",
  idle: "rests",
  off: "sleeps",
  failed: "slumps",
  done: "cheers",
};

export const stanceOf = (activity: Activity, away: boolean): Stance => (away ? "stands" : STANCES[activity]);

const circle = (x: number, y: number, r: number, colour: string): string => `<circle cx="${x}" cy="${y}" r="${r}" fill="${colour}"/>`;
const limb = (path: string, colour: string): string =>
  `<path d="${path}" fill="none" stroke="${colour}" stroke-width="13" stroke-linecap="round" stroke-linejoin="round"/>`;

function hair({ style, hair: colour, accent }: Look): string {
  const cap = `<path d="M-31 2a31 31 0 0 1 62 0c-8-14-20-19-31-19s-23 5-31 19z" fill="${colour}"/>`;
  switch (style) {
    case "bun":
      return circle(0, -36, 13, colour) + cap;
    case "bob":
    case "waves":
      return `<path d="M-32 20c-6-60 70-60 64 0c-4-22-14-32-32-34s-28 12-32 34z" fill="${colour}"/>`;
    case "spikes":
      return `<path d="M-31 0l-2-24 14 8 4-18 15 12 13-13 5 18 14-8-1 25c-8-14-20-18-31-18s-23 4-31 18z" fill="${colour}"/>`;
    case "beanie":
      return `<path d="M-32 0a32 32 0 0 1 64 0z" fill="${accent}"/>${circle(0, -33, 8, accent)}`;
    case "beard":
      return `<path d="M-29 4c2 34 56 34 58 0c-8 12-16 10-29 10s-21 2-29-10z" fill="${colour}"/>${cap}`;
    case "curls":
      return [-24, -9, 9, 24].map((x) => circle(x, Math.abs(x) > 10 ? -16 : -27, 13, colour)).join("");
    case "ponytail":
      return `<path d="M26-14c22 2 20 34 8 42c2-16-4-26-8-42z" fill="${colour}"/>${cap}`;
    default:
      return cap;
  }
}

function face(stance: Stance, glasses: boolean): string {
  const shut = stance === "sleeps";
  const eye = (x: number): string =>
    shut
      ? `<path d="M${x - 5} 5q5 4 10 0" fill="none" stroke="#2b2230" stroke-width="2.5" stroke-linecap="round"/>`
      : circle(x, 5, 3.6, "#2b2230");
  const mouth = stance === "slumps" ? "M-7 19q7-7 14 0" : stance === "cheers" ? "M-8 14q8 11 16 0z" : "M-6 15q6 5 12 0";
  const rims = glasses
    ? '<g fill="none" stroke="#2b2230" stroke-width="2"><circle cx="-10" cy="5" r="8"/><circle cx="10" cy="5" r="8"/><path d="M-2 5h4"/></g>'
    : "";
  return `${eye(-10)}${eye(10)}<path d="${mouth}" fill="${stance === "cheers" ? "#7c2f2a" : "none"}" stroke="#7c2f2a" stroke-width="2.5" stroke-linecap="round"/>${rims}`;
}

interface Arrangement {
  readonly head: readonly [x: number, y: number, turn: number];
  readonly left: string;
  readonly right: string;
}

const ARMS: Readonly<Record<Stance, Arrangement>> = {
  works: { head: [0, -84, 0], left: "M-24-46q-14 22 4 34", right: "M24-46q14 22-4 34" },
  rests: { head: [0, -86, 0], left: "M-24-46q-14 20-8 40", right: "M24-46q10 2 6-14" },
  waits: { head: [3, -84, 6], left: "M-24-46q-10 22 8 34", right: "M24-46q16 14 -6-12" },
  sleeps: { head: [-4, -44, 14], left: "M-26-30q-14 18 14 22", right: "M26-30q14 18-14 22" },
  slumps: { head: [-3, -58, -8], left: "M-26-38q-14 20 8 30", right: "M26-38q14 20-8 30" },
  cheers: { head: [0, -88, 0], left: "M-24-48l-18-52", right: "M24-48l18-52" },
  stands: { head: [0, -88, 0], left: "M-24-46q-10 20-6 42", right: "M24-46q10 20 6 42" },
};

const legs = (trousers: string, shoes: string): string =>
  `${limb("M-10-2v52", trousers)}${limb("M10-2v52", trousers)}${circle(-11, 56, 8, shoes)}${circle(11, 56, 8, shoes)}`;

/** The markup of a person at a place of the floor, in metres. Their hips are at the origin of what is drawn. */
export function person(index: number, stance: Stance, x: number, z: number): string {
  const who = look(index);
  const upright = stance === "cheers" || stance === "stands";
  const at = flatAt(x, upright ? 0.62 : 0.62, z);
  const { head, left, right } = ARMS[stance];
  const sleeve = who.longSleeves ? blend(who.shirt, "#000000", 0.12) : who.skin;
  const low = stance === "sleeps" ? -34 : stance === "slumps" ? -46 : -54;
  const body = `<path d="M-26 6V${low + 14}q0-16 16-16h20q16 0 16 16V6z" fill="${who.shirt}"/>`;
  const cups = who.headphones ? circle(-31, 4, 8, who.accent) + circle(31, 4, 8, who.accent) : "";
  const skull = `<g transform="translate(${head[0]} ${head[1]}) rotate(${head[2]})">${circle(0, 0, 30, who.skin)}${face(stance, who.glasses)}${hair(who)}${cups}</g>`;
  const chair = upright ? "" : `<rect x="-30" y="-58" width="60" height="70" rx="14" class="f-chair"/>`;
  return `<g transform="translate(${Math.round(at.x)} ${Math.round(at.y)})">${chair}${upright ? legs(who.trousers, who.shoes) : ""}${body}${limb(left, sleeve)}${limb(right, sleeve)}${skull}</g>`;
}
