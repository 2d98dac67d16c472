/** What a guest reads. Short, exact, and about what they see rather than what they may not. */
import type { View } from "../../net/protocol.ts";
import { count } from "../numbers.ts";

/** What stays hidden at each view, and the same as one whole sentence. */
const HIDDEN: Readonly<Record<View, readonly [short: string, sentence: string]>> = {
  figures: ["names and titles are hidden", "You see who works and the numbers. Names of batches and titles of tasks are hidden."],
  batches: ["task titles are hidden", "You see who works, the numbers and the names of batches. Titles of tasks are hidden."],
  titles: ["logs and results are hidden", "You see who works, the batches and the titles of tasks. Logs and results are hidden."],
  full: ["logs and results are hidden", "You see who works, the batches and the titles of tasks. Logs and results are hidden."],
};

export const guestWords = {
  watching: "Watching",
  viewOnly: "View only",
  hidden: (view: View) => HIDDEN[view][0],
  explained: (view: View) => HIDDEN[view][1],
  watchers: (value: number) => `${count(value)} watching`,
  watchersLong: (value: number) =>
    value === 1 ? "Only this page shows the office now" : `${count(value)} pages show the office now, this one included`,
  moment: "Moment of the replay",
  moreBatches: (value: number) => `and ${count(value)} more`,
  allBatches: "All batches",
  open: (name: string) => `Open ${name} in a tab of its own`,
  over: {
    ended: ["This link has ended", "Whoever sent it to you can make a new one."],
    keyless: ["This address is not whole", "What stood after the # is missing. Open the link as it was sent to you, or ask for it again."],
    crowded: ["Too many are watching", "It opens by itself as soon as there is room."],
    unreachable: ["The server does not answer", "It opens by itself as soon as it does."],
    outdated: ["This page is of an older version", "Reload it for the new one."],
  },
  results: {
    of: (name: string) => `Results of ${name}`,
    goesOn: "and it goes on",
    reading: (rows: number) => `${count(rows)} read`,
    cut: (shown: number) => `The first ${count(shown)} are shown and searched. A download has all.`,
    failed: "The results did not come.",
    again: "Try again",
    fetching: "On its way",
  },
} as const;

export type Over = keyof typeof guestWords.over;
