/** What each plan would make of this office's tasks, and which of them is worth a thought: pure, from the server's estimates. */
import { type Estimate, minutesFor } from "../../net/tiers.ts";
import { minutes, utcDay, utcDayLong } from "../numbers.ts";
import { plansWords as said } from "./words.ts";

/** A plan is worth naming where it ends the queue in so much of the time or less. */
export const WORTH = 0.8;

export interface Note {
  readonly text: string;
  readonly look: "dim" | "sage" | "honey";
}

/** What a card says of time. Lengths of the bar are hundredths of the longest. */
export interface Verdict {
  readonly above: string;
  readonly big: string;
  readonly unit: string;
  readonly held: boolean;
  readonly now: number;
  readonly rest: number;
  readonly note: Note;
}

/** Tasks that run have been counted against the quota already: it holds none of them back. */
export function withRunning(told: Estimate, running: number): Estimate {
  if (told.later === 0 || running === 0) return told;
  const total = told.now + told.later;
  const now = Math.min(total, told.now + running);
  return { ...told, now, later: total - now, minutes: minutesFor(now, told.workers, told.each) };
}

/** How long all of it would take if no quota held anything back. */
function whole({ now, later, workers, each }: Estimate): number {
  return minutesFor(now + later, workers, each);
}

function heldNote({ now, later, resumes }: Estimate): Note {
  const day = resumes === undefined ? said.nextMonth : utcDayLong(resumes);
  return { text: now === 0 ? said.allWait(day) : said.someWait(now, later, day), look: "honey" };
}

function noteOf(told: Estimate, mine: Estimate | undefined): Note {
  if (told.later > 0) return heldNote(told);
  if (mine === undefined || mine.tier === told.tier) return { text: said.tasksAtATime(told.workers), look: "dim" };
  if (mine.later > 0) return { text: said.noneWaits, look: "sage" };
  const saved = mine.minutes - told.minutes;
  if (saved === 0) return { text: said.same, look: "dim" };
  return saved > 0 ? { text: said.sooner(minutes(saved)), look: "sage" } : { text: said.later(minutes(-saved)), look: "dim" };
}

/** "34 min" as a figure and its unit; where nothing starts before the month turns, that day. */
function figureOf(told: Estimate): Pick<Verdict, "above" | "big" | "unit"> {
  const total = told.now + told.later;
  const above = told.later > 0 ? said.someIn(told.now, total) : said.allIn(total);
  if (told.now > 0) {
    const [big = "", unit = ""] = minutes(told.minutes).split(" ");
    return { above, big, unit };
  }
  const [big = "", unit = ""] = (told.resumes === undefined ? said.nextMonth : utcDay(told.resumes)).split(" ");
  return { above: said.noneBefore, big, unit };
}

export function verdictOf(told: Estimate, all: readonly Estimate[], mine: string): Verdict {
  const longest = Math.max(...all.map(whole), 1);
  const length = (whole(told) / longest) * 100;
  const now = (length * told.now) / (told.now + told.later);
  return {
    ...figureOf(told),
    held: told.later > 0,
    now,
    rest: length - now,
    note: noteOf(
      told,
      all.find((each) => each.tier === mine),
    ),
  };
}

/** Whether one plan does so much better than another that it is worth saying. */
function better(other: Estimate, mine: Estimate): boolean {
  if (other.later > 0) return false;
  return mine.later > 0 || other.minutes <= mine.minutes * WORTH;
}

/** The first plan above one's own that would be a fifth sooner, or would hold nothing back. */
export function worthOf(all: readonly Estimate[], mine: string): Estimate | undefined {
  const at = all.findIndex((each) => each.tier === mine);
  const own = all[at];
  return own === undefined ? undefined : all.slice(at + 1).find((each) => better(each, own));
}
