/** The words of sharing. */
import type { Reach } from "../../net/links.ts";
import type { View } from "../../net/protocol.ts";
import { count } from "../numbers.ts";

export type Level = Exclude<View, "full">;

const LEVELS: Readonly<Record<Level, readonly [name: string, what: string]>> = {
  figures: ["Numbers", "workers and figures"],
  batches: ["Batch names", "and names of batches"],
  titles: ["Task titles", "and what each task is"],
};

const REACHES: Readonly<Record<Reach, string>> = {
  machine: "It works on this machine only.",
  lan: "It works for every device in this network.",
  public: "It works wherever this server can be reached.",
};

const hours = (value: number) => (value === 1 ? "1 hour" : `${count(value)} hours`);
const days = (value: number) => (value === 1 ? "1 day" : `${count(value)} days`);

export const shareWords = {
  title: "Share this office",
  titleReplay: "Share this replay",
  titleResults: "Share these results",
  lead: "Anyone with the link can watch. Nobody can change anything.",
  leadReplay: (name: string) => `Anyone with the link can look back at ${name}. Nobody can change anything.`,
  leadResults: (name: string) => `Anyone with the link can read and download ${name}: what went in and what came out.`,
  whole: "Share the whole office instead",
  see: "What they see",
  levels: LEVELS,
  whom: "For whom",
  whomHint: "Board meeting",
  ends: "Ends in",
  days: { 1: "1 day", 7: "7 days", 30: "30", 90: "90" } as Readonly<Record<number, string>>,
  endsLong: (value: number) => `Ends in ${days(value)}`,
  lan: "For other devices in this network too",
  card: "Live figures on preview pictures",
  cardWhy: "Chats show a picture of the link. Without this it is the same for every office.",
  origins: "Pages that may embed it",
  originsHint: "https://wiki.example.org",
  originsWhy: "Their addresses without a path, one after another. Without any, no page can.",
  originsWrong: (got: string) => `Expected an address such as https://wiki.example.org, got ${got}`,
  originsMany: (most: number, got: number) => `Expected ${count(most)} addresses at most, got ${count(got)}`,
  make: "Make the link",
  making: "On its way",
  ready: (label: string | undefined) => (label === undefined ? "The link is ready" : `Link for “${label}” is ready`),
  once: "shown only this once",
  address: "The link's address",
  copy: "Copy",
  copied: "Copied",
  reach: (reach: Reach) => REACHES[reach],
  former: (clock: string) => `The address before it works until ${clock}.`,
  embed: "Embed it in a page",
  element: "As an element, with a script of this server",
  frame: "As a frame",
  picture: "The picture that chats and wikis show of this link",
  qr: "The link as a QR code",
  list: "Links",
  summary: (open: number, watching: number) => `${count(open)} open, ${count(watching)} watching`,
  none: "No links",
  nameless: "Without a name",
  replay: "Replay",
  results: "Results",
  endsIn: (ms: number) => `ends in ${inWords(ms)}`,
  ended: (when: string) => `ended ${when}`,
  revokedAt: (when: string) => `revoked ${when}`,
  watched: (value: number) => `${count(value)} watching now`,
  revoke: "Revoke",
  revokeSure: (watching: number) => (watching === 0 ? "Revoke it?" : `Send ${count(watching)} away?`),
  rotate: "New address",
  rotateSure: "Replace it?",
  failed: "The list of links did not come.",
  foot: "Revoking closes open pages within a second. A revoked link stays in the list for a day.",
} as const;

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** How long still: whole days, below two days hours; never "0 hours". */
function inWords(ms: number): string {
  if (ms < HOUR) return "less than 1 hour";
  return ms < 2 * DAY ? hours(Math.round(ms / HOUR)) : days(Math.round(ms / DAY));
}
