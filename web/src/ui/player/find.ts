/** What one looks for in a recording, and what of it is found: pure. */
import type { Marker } from "../../replay/contract.ts";
import type { Happening } from "../../replay/happenings.ts";
import { isMoment } from "../../replay/timeline.ts";

export interface Query {
  readonly text: string;
  readonly batch?: string | undefined;
  readonly desk?: number | undefined;
}

export const ANYTHING: Query = { text: "" };

export function isAsked({ text, batch, desk }: Query): boolean {
  return text.trim() !== "" || batch !== undefined || desk !== undefined;
}

export function matches({ title, batch, desk }: Happening, query: Query): boolean {
  if (query.batch !== undefined && batch !== query.batch) return false;
  if (query.desk !== undefined && desk !== query.desk) return false;
  const text = query.text.trim().toLowerCase();
  return text === "" || (title?.toLowerCase().includes(text) ?? false);
}

/** Markers that are worth a row while nothing is asked for, within the bounds. */
export function moments(markers: readonly Marker[], [from, to]: readonly [number, number]): readonly Marker[] {
  return markers.filter((marker) => isMoment(marker) && marker.at >= from && marker.at <= to);
}

/** The row one is at: the last whose moment has come. */
export function currentRow(rows: ReadonlyArray<{ readonly at: number }>, at: number): number {
  return rows.findLastIndex((row) => row.at <= at);
}

/** A title in three parts, the middle one being what was asked for. */
export function marked(title: string, text: string): readonly [string, string, string] {
  const wanted = text.trim();
  const index = wanted === "" ? -1 : title.toLowerCase().indexOf(wanted.toLowerCase());
  if (index < 0) return [title, "", ""];
  return [title.slice(0, index), title.slice(index, index + wanted.length), title.slice(index + wanted.length)];
}

export interface Known {
  readonly id: string;
  readonly name: string;
  readonly order: number;
}

/** How many tasks had failed for good by then. */
export function failedBy(markers: readonly Marker[], at: number): number {
  return markers
    .filter((marker) => marker.kind === "failed" && marker.at <= at && marker["until"] === undefined)
    .reduce((sum, marker) => sum + (typeof marker["count"] === "number" ? marker["count"] : 1), 0);
}
