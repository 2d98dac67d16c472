/** What the wall display says and how it is painted: figures large enough to be read across a room. */
import { HUES_NIGHT } from "../../../../assets/palette.ts";
import type { Batch, OfficeState } from "../../state/office.ts";
import { count, moment } from "../../ui/numbers.ts";

export const DISPLAY_SIZE = { width: 1024, height: 384 } as const;
const ROWS_MAX = 4;
const DESKS = 10;

export interface DisplayRow {
  readonly name: string;
  readonly hue: string;
  readonly done: number;
  readonly failed: number;
  readonly total: number;
}

/** All that is painted: when two of these are equal, so are their pictures. */
export interface DisplayText {
  readonly waiting: string;
  readonly desks: string;
  readonly upstairs: string;
  readonly rows: readonly DisplayRow[];
  readonly more: string;
  readonly perHour: string;
  /** Tasks that ended in each minute up to this one, oldest first; undefined where that is not known yet. */
  readonly pace: ReadonlyArray<number | undefined>;
  readonly until: string;
}

const UNFINISHED = new Set<Batch["state"]>(["running", "queued", "paused", "waiting"]);

export function displayText(state: OfficeState, now: number): DisplayText {
  const { queue, overflow, office } = state;
  const batches = Object.values(state.batches).sort(
    (a, b) => Number(UNFINISHED.has(b.state)) - Number(UNFINISHED.has(a.state)) || a.order - b.order,
  );
  const hidden = batches.length - ROWS_MAX + (office.more ?? 0);
  return {
    waiting: count(queue.waiting),
    desks: `${Math.min(DESKS, office.running)} of ${DESKS} desks`,
    upstairs: overflow.count > 0 ? `${count(overflow.count)} upstairs` : "",
    rows: batches.slice(0, ROWS_MAX).map(row),
    more: hidden > 0 ? `and ${count(hidden)} more` : "",
    perHour: queue.perhour === undefined ? "" : count(queue.perhour),
    pace: paceAt(queue.pace, now),
    until: queue.eta === undefined ? "" : moment(queue.eta[0], now),
  };
}

const MINUTE_MS = 60_000;
const MINUTES = 20;

/** What was told of the minutes, as it stands to now: minutes that have gone by since are not known. */
export function paceAt(told: readonly number[] | undefined, now: number): ReadonlyArray<number | undefined> {
  const [over, ...counts] = told ?? [];
  if (over === undefined) return [];
  const since = Math.max(0, Math.floor((now - over) / MINUTE_MS));
  return Array.from({ length: MINUTES }, (_, index) => counts[counts.length - MINUTES + index + since]);
}

function row({ name, order, done, failed, total }: Batch): DisplayRow {
  const hue = HUES_NIGHT[((order % HUES_NIGHT.length) + HUES_NIGHT.length) % HUES_NIGHT.length] ?? HUES_NIGHT[0];
  return { name: name ?? `Batch ${String.fromCharCode(65 + (order % 26))}`, hue, done, failed, total };
}

const INK = {
  big: "#ffd27d",
  plain: "#eef2ff",
  quiet: "#a9bbea",
  coral: "#ff9a80",
  failed: "#ff7d68",
  track: "#33406b",
  chart: "#7f9bf2",
} as const;
const CHART = { step: 11, height: 88 } as const;
const FONT = 'Figtree, "DejaVu Sans", sans-serif';
type Pen = CanvasRenderingContext2D;

function write(pen: Pen, text: string, x: number, y: number, size: number, weight: number, colour: string, width = 900): void {
  pen.font = `${weight} ${size}px ${FONT}`;
  pen.fillStyle = colour;
  pen.fillText(text, x, y, width);
}

function bar(pen: Pen, x: number, y: number, width: number, colour: string): void {
  if (width <= 0) return;
  pen.fillStyle = colour;
  pen.beginPath();
  pen.roundRect(x, y, Math.max(6, width), 17, 8.5);
  pen.fill();
}

export function paintDisplay(pen: Pen, text: DisplayText): void {
  const { width, height } = DISPLAY_SIZE;
  const sky = pen.createLinearGradient(0, 0, 0, height);
  sky.addColorStop(0, "#1d284c");
  sky.addColorStop(1, "#151b3a");
  pen.fillStyle = sky;
  pen.fillRect(0, 0, width, height);
  paintQueue(pen, text);
  write(pen, "Batches", 352, 56, 30, 600, INK.quiet);
  if (text.rows.length === 0) write(pen, "None", 352, 120, 38, 600, INK.plain);
  text.rows.forEach((entry, index) => {
    paintRow(pen, entry, 88 + index * 70);
  });
  if (text.more) write(pen, text.more, 520, 56, 26, 600, INK.quiet);
  paintSpeed(pen, text);
}

function paintQueue(pen: Pen, text: DisplayText): void {
  write(pen, "Waiting", 44, 64, 34, 600, INK.quiet);
  write(pen, text.waiting, 38, 206, 156, 750, INK.big, 280);
  write(pen, text.desks, 44, 276, 42, 650, INK.plain, 280);
  if (text.upstairs) write(pen, text.upstairs, 44, 332, 42, 650, INK.coral, 280);
}

/** As much of a name as fits, with an ellipsis where something is missing. */
export function shortened(name: string, fits: (text: string) => boolean): string {
  if (fits(name)) return name;
  const letters = [...name];
  while (letters.length > 1 && !fits(`${letters.join("").trimEnd()}…`)) letters.pop();
  return `${letters.join("").trimEnd()}…`;
}

function paintRow(pen: Pen, { name, hue, done, failed, total }: DisplayRow, y: number): void {
  const wide = 340;
  pen.font = `620 34px ${FONT}`;
  const fits = (text: string): boolean => pen.measureText(text).width <= wide;
  write(pen, shortened(name, fits), 352, y + 18, 34, 620, INK.plain);
  bar(pen, 352, y + 31, wide, INK.track);
  const share = (part: number): number => (total > 0 ? (wide * part) / total : 0);
  bar(pen, 352, y + 31, share(done + failed), INK.failed);
  bar(pen, 352, y + 31, share(done), hue);
}

function paintSpeed(pen: Pen, text: DisplayText): void {
  const x = 760;
  if (text.perHour) {
    write(pen, "Per hour", x, 64, 34, 600, INK.quiet);
    write(pen, text.perHour, x - 3, 146, 84, 720, INK.plain, 230);
  }
  paintPace(pen, x, 172, text.pace);
  if (text.until) {
    write(pen, "Done about", x, 304, 30, 600, INK.quiet);
    write(pen, text.until, x - 2, 362, 60, 700, INK.plain, 230);
  }
}

/** A bar for each of the last minutes, the latest at the right; a minute without an end is a line, an unknown one nothing. */
function paintPace(pen: Pen, x: number, y: number, pace: DisplayText["pace"]): void {
  const most = Math.max(1, ...pace.map((count) => count ?? 0));
  pace.forEach((count, index) => {
    if (count === undefined) return;
    const high = count === 0 ? 3 : 8 + (CHART.height - 8) * (count / most);
    pen.fillStyle = count === 0 ? INK.track : index === pace.length - 1 ? INK.big : INK.chart;
    pen.fillRect(x + index * CHART.step, y + CHART.height - high, CHART.step - 3, high);
  });
}
