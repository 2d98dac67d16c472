/** Figures as people read them: "3,412", "8:42", "34–41 min", "3.1 per min", "15:58", "1 Dec". */
import type { Eta } from "../state/office.ts";

const SECOND = 1_000;
const MINUTE = 60_000;
const HOUR = 3_600_000;
const DAY = 86_400_000;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Thousands with a comma. */
export function count(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

/** A number with its noun: "1 task", "3,412 tasks". */
export function counted(value: number, one: string, many: string): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

const SPELT = ["No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten"];

/** A small number as a word that begins a sentence: "Ten". */
export function spelt(value: number): string {
  return SPELT[value] ?? count(value);
}

/** "3 at a time": what customers read for slots. */
export function atATime(slots: number): string {
  return `${count(slots)} at a time`;
}

export function percent(permille: number): string {
  return `${Math.floor(permille / 10)} %`;
}

const two = (value: number) => String(value).padStart(2, "0");

/** Time gone by: "0:07", "8:42", "1:04:09". */
export function elapsed(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / SECOND));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

interface Unit {
  readonly ms: number;
  readonly step: number;
  readonly name: string;
}

/** The unit an estimate is told in: no finer than anybody could plan by. */
function unitFor(ms: number): Unit {
  if (ms <= 90 * SECOND) return { ms: SECOND, step: 5, name: "s" };
  if (ms < 100 * MINUTE) return { ms: MINUTE, step: 1, name: "min" };
  if (ms < 2 * DAY) return { ms: HOUR, step: 0.5, name: "h" };
  return { ms: DAY, step: 1, name: "days" };
}

function inUnit(ms: number, unit: Unit): number {
  return Math.max(unit.step, Math.ceil(Math.max(ms, 0) / unit.ms / unit.step) * unit.step);
}

/** About how long: "40 s", "3 min", "2.5 h". Rounded up, for an estimate that is kept is worth more than a short one. */
export function about(ms: number): string {
  const unit = unitFor(ms);
  return `${inUnit(ms, unit)} ${unit.name}`;
}

/** How long something took that was measured: "0.4 s", "12 s", "3 min"; rounded up, so that "within" is true of it. */
export function measuredTime(ms: number): string {
  if (ms <= 10 * SECOND) return `${(Math.ceil(ms / 100) / 10).toFixed(1)} s`;
  return ms <= 90 * SECOND ? `${Math.ceil(ms / SECOND)} s` : about(ms);
}

/** Whole minutes as the server estimates them: never told in seconds, which nobody counted. */
export function minutes(value: number): string {
  return value < 100 ? `${Math.max(1, Math.ceil(value))} min` : about(value * MINUTE);
}

/** Half are done by the first, nine in ten by the second: "34–41 min". */
export function range([half, most]: Eta, now: number): string {
  const unit = unitFor(most - now);
  const [from, to] = [inUnit(half - now, unit), inUnit(most - now, unit)];
  return from >= to ? `${to} ${unit.name}` : `${from}–${to} ${unit.name}`;
}

/** A clock time of the reader's day: "15:58". */
export function clockTime(ms: number): string {
  const date = new Date(ms);
  return `${two(date.getHours())}:${two(date.getMinutes())}`;
}

export function clockSeconds(ms: number): string {
  return `${clockTime(ms)}:${two(new Date(ms).getSeconds())}`;
}

export function day(ms: number): string {
  const date = new Date(ms);
  return `${date.getDate()} ${MONTHS[date.getMonth()]}`;
}

/** A day by the server's calendar: the quota's month turns at midnight UTC, whatever the reader's clock says. */
export function utcDay(ms: number): string {
  const date = new Date(ms);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
}

const LONG = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

/** The same in full: "1 December". */
export function utcDayLong(ms: number): string {
  const date = new Date(ms);
  return `${date.getUTCDate()} ${LONG[date.getUTCMonth()]}`;
}

/** A promised moment: a clock time today, with its day on any other. */
export function moment(ms: number, now: number): string {
  const [date, today] = [new Date(ms), new Date(now)];
  return date.toDateString() === today.toDateString() ? clockTime(ms) : `${day(ms)}, ${clockTime(ms)}`;
}

/** Throughput: "3.1 per min", "42 per hour". */
export function rate(perhour: number): string {
  if (perhour < 60) return `${count(perhour)} per hour`;
  const perMinute = perhour / 60;
  return perMinute < 100 ? `${perMinute.toFixed(1)} per min` : `${count(perMinute)} per min`;
}

/** A rate a minute, short enough for an axis: "0", "0.4", "12", "1,200". */
export function perMinute(value: number): string {
  return value > 0 && value < 10 ? value.toFixed(1) : count(value);
}

/** Seconds with a tenth while that says something: "0.3 s", "12 s", "4 min", "9 h". */
export function age(ms: number): string {
  if (ms < 10 * SECOND) return `${(Math.floor(Math.max(ms, 0) / 100) / 10).toFixed(1)} s`;
  if (ms < 2 * MINUTE) return `${Math.floor(ms / SECOND)} s`;
  return ms < 100 * MINUTE ? `${Math.floor(ms / MINUTE)} min` : `${Math.floor(ms / HOUR)} h`;
}

const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/** "Mon 23 Nov". */
export function weekday(ms: number): string {
  return `${WEEKDAYS[new Date(ms).getDay()]} ${day(ms)}`;
}
