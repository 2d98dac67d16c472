/** Markers as they stand over the scrubber: a glyph and a sentence for each kind, those too close to one another as one. */
import type { IconName } from "../../icons.ts";
import { integer, optional, text } from "../../net/read.ts";
import type { Marker } from "../../replay/contract.ts";
import { isMoment } from "../../replay/timeline.ts";
import { reasonWords, tierTitle } from "../words.ts";
import { playerWords } from "./words.ts";

export type Tone = "red" | "honey" | "dim";

export interface Mark {
  readonly at: number;
  readonly glyph: IconName;
  readonly tone: Tone;
  /** What it is about, and what of it; both as one sentence. */
  readonly title: string;
  readonly detail: string;
  readonly words: string;
}

/** One place over the scrubber. */
export interface Cluster {
  readonly at: number;
  /** Of the worst in it. */
  readonly glyph: IconName;
  readonly tone: Tone;
  readonly marks: readonly Mark[];
}

const said = playerWords.markers;
const RANKS: Readonly<Record<Tone, number>> = { red: 0, honey: 1, dim: 2 };

function word(marker: Marker, name: string): string | undefined {
  return optional(marker[name], text, `marker.${name}`);
}

function figure(marker: Marker, name: string): number | undefined {
  return optional(marker[name], integer, `marker.${name}`);
}

/** What a batch is called, where the view says so. */
export type NameOf = (batch: string) => string | undefined;

type Said = readonly [title: string, detail: string];

function uncapitalised(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function failed(marker: Marker, nameOf: NameOf): Said {
  const [count, batch] = [figure(marker, "count"), nameOf(word(marker, "batch") ?? "") ?? ""];
  if (count !== undefined) return [said.failedMany(count), batch];
  const why = reasonWords(word(marker, "reason"));
  return [word(marker, "title") ?? batch, marker["until"] === undefined ? why : `${why}, ${said.again}`];
}

function batchEnded(marker: Marker, nameOf: NameOf): Said {
  const [done, failures] = [figure(marker, "done") ?? 0, figure(marker, "failed") ?? 0];
  const name = word(marker, "name") ?? nameOf(word(marker, "batch") ?? "") ?? said.aBatch;
  return [name, word(marker, "state") === "cancelled" ? said.cancelled : said.ended(done, failures)];
}

type Drawn = readonly [glyph: IconName, tone: Tone, words: (marker: Marker, nameOf: NameOf) => Said];

const KINDS: Readonly<Record<string, Drawn>> = {
  failed: ["bang", "red", failed],
  batch: ["star", "honey", batchEnded],
  blocked: ["hourglass", "honey", () => [said.blocked, ""]],
  unblocked: ["play", "dim", () => [said.unblocked, ""]],
  tier: ["stairs", "dim", (marker) => [said.tier(tierTitle(word(marker, "tier") ?? "")), ""]],
  slots: ["office", "dim", (marker) => [said.slots(figure(marker, "slots") ?? 0), ""]],
  gap: ["cross", "dim", (marker) => [said.gap, said.lasted((figure(marker, "to") ?? marker.at) - marker.at)]],
};
const OTHER: Drawn = ["clock", "dim", () => [said.other, ""]];

export function markOf(marker: Marker, nameOf: NameOf): Mark {
  const [glyph, tone, words] = (Object.hasOwn(KINDS, marker.kind) ? KINDS[marker.kind] : undefined) ?? OTHER;
  const [about, detail] = words(marker, nameOf);
  const title = about === "" ? said.task : about;
  // Of several failures the detail is a batch's name, which is written as it is.
  const more = marker["count"] === undefined ? `: ${uncapitalised(detail)}` : `, ${detail}`;
  return { at: marker.at, glyph, tone, title, detail, words: detail === "" ? title : title + more };
}

/** All there is to mark, in the order of their moments; the beginning is one of them. */
export function marksOf(markers: readonly Marker[], [from, to]: readonly [number, number], nameOf: NameOf): readonly Mark[] {
  const start: Mark = { at: from, glyph: "flag", tone: "dim", title: said.start, detail: "", words: said.start };
  const within = markers.filter((marker) => isMoment(marker) && marker.at >= from && marker.at <= to);
  const marks = within.map((marker) => markOf(marker, nameOf));
  return [start, ...marks.sort((a, b) => a.at - b.at)];
}

/** @param apart how many milliseconds two glyphs need between them */
export function clustered(marks: readonly Mark[], apart: number): readonly Cluster[] {
  const found: Mark[][] = [];
  for (const mark of marks) {
    const last = found.at(-1);
    if (last?.[0] !== undefined && mark.at - last[0].at < apart) last.push(mark);
    else found.push([mark]);
  }
  return found.map((marks) => {
    const worst = marks.reduce((worst, mark) => (RANKS[mark.tone] < RANKS[worst.tone] ? mark : worst));
    return { at: worst.at, glyph: worst.glyph, tone: worst.tone, marks };
  });
}

const TOLD_MAX = 4;

/** What a cluster's tooltip says. */
export function clusterWords({ marks }: Cluster, clock: (at: number) => string): string {
  const lines = marks.slice(0, TOLD_MAX).map(({ at, words }) => `${clock(at)} ${words}`);
  return marks.length > TOLD_MAX ? [...lines, said.more(marks.length - TOLD_MAX)].join("\n") : lines.join("\n");
}
