/** How many desks were busy over time, as far as a recording's counts tell: what the scrubber is drawn over. */
import { integer, optional } from "../net/read.ts";
import type { Shown } from "../state/course.ts";
import type { Marker, Piece, Recorded, Stretch } from "./contract.ts";
import type { Frames } from "./playback.ts";
import { follows } from "./spans.ts";

export interface Level {
  readonly at: number;
  /** Executions that ran. */
  readonly running: number;
}

/** Levels that belong together; nothing is known between one line and the next. */
export type Line = readonly Level[];

function count(marker: Marker, name: string): number | undefined {
  return optional(marker[name], integer, `marker.${name}`);
}

/** From how many to how many a count goes. Recordings of earlier versions say only how many began and ended. */
function levelsOf(marker: Marker, before: number): readonly [number, number] {
  const [starts, ends] = [count(marker, "starts") ?? 0, count(marker, "ends") ?? 0];
  const running = count(marker, "running");
  if (running === undefined) return [before, Math.max(0, before + starts - ends)];
  return [Math.max(0, running - starts + ends), running];
}

function lineOf(tallies: readonly Marker[], [from, to]: Stretch, before: number): Line {
  const line: Level[] = [];
  let level = before;
  for (const tally of tallies) {
    const [begins, ends] = levelsOf(tally, level);
    line.push({ at: Math.max(from, tally.at), running: begins });
    line.push({ at: Math.min(to, count(tally, "to") ?? tally.at), running: ends });
    level = ends;
  }
  return line.length === 0 ? [] : [...line, { at: to, running: level }];
}

/** The stretches between gaps. */
function stretches(gaps: readonly Stretch[], [from, to]: Stretch): readonly Stretch[] {
  const edges = [from, ...gaps.flat(), to];
  return edges.flatMap((edge, index): Stretch[] =>
    index % 2 === 0 && edge < (edges[index + 1] ?? to) ? [[edge, edges[index + 1] ?? to]] : [],
  );
}

/** Counts of ten seconds say only roughly when the last one ended; idle stretches say it exactly. */
function flattened(line: Line, idle: readonly Stretch[]): Line {
  const first = line[0]?.at ?? 0;
  const last = line.at(-1)?.at ?? 0;
  const quiet = idle.filter(([from, to]) => from < last && to > first);
  const busy = line.filter(({ at }) => !quiet.some(([from, to]) => from <= at && at <= to));
  const edges = quiet.flatMap(([from, to]): Level[] => [
    { at: Math.max(first, from), running: 0 },
    { at: Math.min(last, to), running: 0 },
  ]);
  return [...busy, ...edges].sort((a, b) => a.at - b.at);
}

/** What the frames of segments say exactly: as many levels as there were changes, a line for each stretch without a gap. */
export function exactLines(pieces: readonly Piece[], frames: Frames, [, to]: Stretch): readonly Line[] {
  const lines: Level[][] = [];
  pieces.forEach((piece, index) => {
    const line = follows(pieces[index - 1], piece) ? (lines.at(-1) ?? []) : [];
    if (lines.at(-1) !== line) lines.push(line);
    for (const { at, state } of frames(piece.n) ?? []) {
      const [before, running] = [line.at(-1), state.office.running];
      if (at > to || before?.running === running) continue;
      if (before !== undefined) line.push({ at, running: before.running });
      line.push({ at, running });
    }
    const last = line.at(-1);
    if (last !== undefined) line.push({ at: Math.min(to, piece.end), running: last.running });
  });
  return lines;
}

/**
 * One line for each stretch without a gap.
 * @param bounds what is drawn: levels stay as they are up to its end
 */
export function areaOf(recorded: Recorded, idle: readonly Stretch[], gaps: readonly Stretch[], bounds: Stretch): readonly Line[] {
  const tallies = recorded.markers.filter((marker) => marker.kind === "tally");
  return stretches(gaps, bounds)
    .map((stretch) =>
      lineOf(
        tallies.filter((tally) => tally.at < stretch[1] && (count(tally, "to") ?? tally.at) > stretch[0]),
        stretch,
        0,
      ),
    )
    .map((line) => flattened(line, idle))
    .filter((line) => line.length > 0);
}

/** A line as far as a moment. */
function cut(line: Line, at: number): Line {
  const kept = line.filter((level) => level.at <= at);
  const running = levelAt([line], at);
  return running === undefined || kept.length === 0 ? kept : [...kept, { at, running }];
}

/** The lines with what the frames of the segment that is not closed yet say; they count nothing themselves. */
export function withOpen(lines: readonly Line[], frames: readonly Shown[], bounds: Stretch): readonly Line[] {
  const first = frames[0];
  if (first === undefined) return lines;
  const closed = lines.map((line) => cut(line, first.at)).filter((line) => line.length > 0);
  const open: Level[] = [];
  for (const { at, state } of frames) {
    const before = open.at(-1);
    if (before !== undefined) open.push({ at, running: before.running });
    open.push({ at, running: state.office.running });
  }
  return [...closed, [...open, { at: bounds[1], running: open.at(-1)?.running ?? 0 }].filter(({ at }) => at <= bounds[1])];
}

/** How many ran at a moment, between two levels in proportion; nothing where no line says so. */
export function levelAt(lines: readonly Line[], at: number): number | undefined {
  const line = lines.find((levels) => (levels[0]?.at ?? Number.POSITIVE_INFINITY) <= at && at <= (levels.at(-1)?.at ?? 0));
  const next = line?.findIndex((level) => level.at >= at) ?? -1;
  const [after, before] = [line?.[next], line?.[next - 1]];
  if (after === undefined || before === undefined || after.at === before.at) return after?.running;
  return Math.round(before.running + ((after.running - before.running) * (at - before.at)) / (after.at - before.at));
}

/** The most that ran at once, upstairs not counted: what the full height stands for. */
export function peak(lines: readonly Line[], desks: number): number {
  return Math.max(1, Math.min(desks, Math.max(0, ...lines.flat().map((level) => level.running))));
}
