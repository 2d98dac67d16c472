/** What is said of a batch and of its results. */
import { count, counted, spelt } from "./numbers.ts";

function ordinal(value: number): string {
  if (value % 100 > 10 && value % 100 < 14) return `${count(value)}th`;
  return `${count(value)}${["th", "st", "nd", "rd"][value % 10] ?? "th"}`;
}

const tasks = (value: number) => counted(value, "task", "tasks");

export const batchWords = {
  of: (done: number, total: number) => `${count(done)} of ${count(total)}`,
  failed: (value: number) => `${count(value)} failed`,
  running: (value: number) => `${count(value)} running`,
  lettered: (letter: string) => `Batch ${letter}`,
  next: "next in turn",
  goesOn: (day: string) => `goes on ${day}`,
  paused: "paused",
  cancelled: "cancelled",
  justDone: "done",
  waiting: "waiting",
  summary: (value: { running: number; waiting: number; done: number }) =>
    [
      value.running > 0 ? `${count(value.running)} running` : "",
      value.waiting > 0 ? `${count(value.waiting)} waiting` : "",
      value.done > 0 ? `${count(value.done)} done` : "",
    ]
      .filter((part) => part !== "")
      .join(", "),
  counts: { done: "done", failed: "failed", running: "running", waiting: "waiting", cancelled: "cancelled" },
  pause: "Pause",
  resume: "Resume",
  retry: (failed: number) => `Retry ${count(failed)} failed`,
  share: "Share results",
  cancel: "Cancel batch",
  cancelSure: (left: number) => (left > 0 ? `Cancel ${tasks(left)}?` : "Cancel the batch?"),
  started: (kind: string, clock: string) => `${kind}, started ${clock}`,
  notStarted: (kind: string) => `${kind}, not started yet`,
  doneBy: (half: string, most: string) => `done about ${half}, 9 times in 10 by ${most}`,
  endedAt: (clock: string, took: string) => `ended ${clock}, after ${took}`,
  tasks,
  demo: "This is a demo: its tasks only wait.",
  gone: "This batch is no longer there.",
  halted: "Paused by the server",
  goOn: "Resume",
  heldBy: (why: string) => `${why.charAt(0).toUpperCase()}${why.slice(1)}.`,
  tried: (rows: number, total: number) => `These are the first ${count(rows)} of ${count(total)}.`,
  othersWait: (rest: number) => `Back to the other ${count(rest)}`,
  whyFailed: (value: number) => `Why ${count(value)} failed`,
  oneReason: (why: string) => `Only: ${why}`,
  showAll: "Show all again",
  retryThese: (value: number, why: string) => `Retry ${count(value)}: ${why}`,
  retryShort: "Retry",
  retrying: "Asked",
  howLong: "How long tasks took",
  howFast: "Tasks a minute",
  looks: { label: "What the chart shows", long: "Time each", fast: "Speed" },
  longer: (value: number, longest: string) => `${count(value)} longer, up to ${longest}`,
  everyNth: (every: number) => `From every ${ordinal(every)} task of the list`,
  noFigures: "How long tasks took did not come.",
  paceLegend: "Done, and in red with those that failed",
  paceAt: (clock: string, done: string, failed: string) => `${clock}: ${done} done, ${failed} failed a minute`,
  paceSummary: (most: string, when: string, last: string) => `At most ${most} tasks a minute, at ${when}; ${last} in the end`,
  ofDone: (value: number) => `${count(value)} done`,
  afterSome: (least: number) => `Said once ${spelt(least).toLowerCase()} are done.`,
  noneFailed: "Nothing failed.",
  moreReasons: (value: number) => `and ${counted(value, "reason", "reasons")} more`,
  half: (time: string) => `Half within ${time}`,
  most: (time: string) => `9 in 10 within ${time}`,
} as const;

export const resultsWords = {
  title: "Results",
  all: "All",
  states: { waiting: "Waiting", running: "Running", done: "Done", failed: "Failed", cancelled: "Cancelled" },
  search: "Search",
  export: "Export",
  formats: { csv: "CSV, for spreadsheets", ndjson: "NDJSON, a line each", json: "JSON", parquet: "Parquet, typed columns" },
  called: { csv: "CSV", ndjson: "NDJSON", json: "JSON", parquet: "Parquet" },
  columns: { state: "State", task: "Task", took: "Took", attempts: "Attempts", result: "Result" },
  none: (query: string) => `No result matches “${query}”`,
  nothing: "Nothing here yet",
  clear: "Clear search",
  span: (from: number, to: number, total: number | undefined) =>
    total === undefined ? `${count(from)}–${count(to)}` : `${count(from)}–${count(to)} of ${count(total)}`,
  previous: "Previous page",
  next: "Next page",
  noAnswer: "The list did not come.",
  again: "Try again",
  retry: "Retry",
  retryFile: "Retry the file",
  fileFailed: "The file did not come.",
  onItsWay: (format: string) => `${format} on its way`,
  stopExport: "Stop",
  input: "Input",
  output: "Result",
  empty: "Nothing returned",
  exitCode: (code: string) => `Program ended with code ${code}`,
  tokensIn: (value: number) => `${count(value)} tokens in`,
  tokensOut: (value: number) => `${count(value)} tokens out`,
  cost: (dollars: string) => `$${dollars}`,
  cut: "cut before its end",
} as const;
