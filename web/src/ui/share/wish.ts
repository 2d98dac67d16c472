/** What somebody chose in the share panel, and the link it asks for. Pure. */
import type { LinkWish } from "../../net/links.ts";
import type { Subject } from "../view.ts";
import { type Level, shareWords } from "./words.ts";

export const DAYS = [1, 7, 30, 90] as const;
const DAY_MS = 86_400_000;
/** The server's own limits. */
export const ORIGINS_MAX = 20;
export const LABEL_MAX = 80;

export interface Choice {
  readonly level: Level;
  readonly label: string;
  readonly days: (typeof DAYS)[number];
  readonly card: boolean;
  readonly lan: boolean;
  /** As typed. */
  readonly origins: string;
}

export const FIRST: Choice = { level: "batches", label: "", days: 7, card: false, lan: false, origins: "" };

function originOf(typed: string): string | undefined {
  try {
    const { origin, protocol, pathname, search, hash } = new URL(typed);
    return /^https?:$/.test(protocol) && pathname === "/" && search === "" && hash === "" ? origin : undefined;
  } catch {
    return undefined;
  }
}

/** The origins in what was typed, or what is wrong with it. */
export function readOrigins(typed: string): { readonly origins: readonly string[]; readonly wrong?: string } {
  const given = typed.split(/[\s,]+/).filter((each) => each !== "");
  const wrong = given.find((each) => originOf(each) === undefined);
  if (wrong !== undefined) return { origins: [], wrong: shareWords.originsWrong(wrong.slice(0, 60)) };
  if (given.length > ORIGINS_MAX) return { origins: [], wrong: shareWords.originsMany(ORIGINS_MAX, given.length) };
  return { origins: [...new Set(given.flatMap((each) => originOf(each) ?? []))] };
}

function aim(subject: Subject | undefined): Partial<LinkWish> {
  if (subject === undefined) return {};
  if ("batch" in subject) return { batch: subject.batch };
  const { recording, from, to } = subject;
  return { recording, ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}

/** @param now the server's time: the end is counted from it */
export function wishOf(choice: Choice, subject: Subject | undefined, now: number): LinkWish {
  const label = choice.label.trim();
  const { origins } = readOrigins(choice.origins);
  return {
    view: subject !== undefined && "batch" in subject ? "titles" : choice.level, // results have titles
    expires: now + choice.days * DAY_MS,
    ...(label !== "" && { label }),
    ...(origins.length > 0 && { origins }),
    ...(choice.card && { card: true }),
    ...(choice.lan && { lan: true }),
    ...aim(subject),
  };
}

/** The address of a link in a frame of another page: the same secret, in the same place. */
function embedUrl(url: string): string {
  const address = new URL(url);
  address.pathname = address.pathname.replace(/^\/s\//, "/embed/");
  return address.href;
}

export function frameCode(url: string): string {
  return `<iframe src="${embedUrl(url)}" title="Ten Desks" width="960" height="600" style="border:0" sandbox="allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox" referrerpolicy="no-referrer"></iframe>`;
}

export function elementCode(url: string): string {
  return `<script type="module" src="${new URL(url).origin}/element.js"></script>\n<ten-desks src="${url}"></ten-desks>`;
}
