/** Every sentence of the interface, in one place. Short, exact, in the user's words; no blame and no exclamation marks. */
import type { Blocked, Reason } from "../state/office.ts";
import { count, counted, moment, utcDay } from "./numbers.ts";

const NUMBERS = ["No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten"];
const tasks = (value: number) => counted(value, "task", "tasks");
const spelt = (value: number) => NUMBERS[value] ?? count(value);

const BLOCKED: Readonly<Record<Blocked, string>> = {
  quota: "waiting for quota",
  ratelimit: "waiting for the rate limit",
  capacity: "waiting for room on this machine",
  paused: "paused",
  draining: "waiting for the server to restart",
  disk: "waiting, the disk is full",
};

const REASONS: Readonly<Record<Reason, string>> = {
  exit: "Program failed",
  timeout: "Timed out",
  unreachable: "Site not reachable",
  limit: "A limit was reached",
  invalid: "The answer did not fit",
  lost: "Runner lost",
};

export function reasonWords(reason: string | undefined): string {
  if (reason === undefined) return "Failed";
  return Object.hasOwn(REASONS, reason) ? REASONS[reason as Reason] : reason;
}

/** Why a task failed: our words for its reason, and the sentence the server has for it where it adds something. */
export function failedWords(reason: string | undefined, message: string | undefined): string {
  const [, code, rest] = message?.match(/^exit (\d+)(?:: (.*))?$/s) ?? [];
  const why = code === undefined ? reasonWords(reason) : `Program ended with code ${code}`;
  const more = code === undefined ? message : rest;
  return more === undefined || more === "" ? why : `${why}: ${more}`;
}

export function blockedWords(blocked: Blocked, until: number | undefined, now: number): string {
  const why = BLOCKED[blocked];
  if (until === undefined) return why;
  return `${why}, until ${blocked === "quota" ? utcDay(until) : moment(until, now)}`;
}

/** "3 at a time": what customers read for slots. */
export function atATime(slots: number): string {
  return `${count(slots)} at a time`;
}

export function tierTitle(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

export const words = {
  product: "Ten Desks",
  yourOffice: "Your office",

  live: {
    live: "Live",
    ago: (age: string) => `${age} ago`,
    old: (age: string) => `${age} old`,
    connecting: "Connecting",
    ended: "This link has ended",
    outdated: "Reload for the new version",
    signedout: "Signed out",
  },

  bar: {
    add: "Add tasks",
    list: "Show the list instead of the room",
    room: "Show the room instead of the list",
    themes: { day: "Day", night: "Night", clock: "By the clock" },
    theme: (now: string) => `Light: ${now.toLowerCase()}. Press for the next`,
  },

  tabs: { label: "Parts of the office", office: "Office", desks: "Desks", batches: "Batches", add: "Add" },

  side: {
    label: "The office in numbers",
    waiting: "waiting",
    until: "until all is done",
    about: (clock: string) => `, about ${clock}`,
    afterFirst: "after the first task",
    roughly: (time: string) => `about ${time}`,
    assumed: "60 s a task assumed",
    nothing: "nothing waits",
    finished: (clock: string) => `Finished ${clock}`,
    outcome: (done: number, failed: number) => (failed === 0 ? `${count(done)} done` : `${count(done)} done, ${count(failed)} failed`),
    running: (value: number) => `${count(value)} running`,
    capacity: (running: number, slots: number) => `${count(running)} of ${atATime(slots)}`,
    upstairs: "upstairs",
    upstairsLong: (value: number) => `10+, ${count(value)} upstairs`,
    batches: "Batches",
    noBatches: "No batches.",
    more: (value: number) => `and ${counted(value, "batch", "batches")} more`,
    speed: "Speed",
    speedLong: (now: string) => `Speed now: ${now}. The line shows it since this page was opened`,
    quota: "Quota",
    quotaUsed: (used: number, limit: number) => `${count(used)} of ${count(limit)}`,
    anew: (day: string) => `starts anew on ${day}`,
    compare: "Compare",
    sooner: (tier: string, then: string, now: string) => `${tier} would finish in ${then} instead of ${now}.`,
    results: "Results",
  },

  plan: {
    label: "Desks",
    cell: (key: string, worker: string, what: string) => `Desk ${key}, ${worker}, ${what}`,
  },

  batch: {
    of: (done: number, total: number) => `${count(done)} of ${count(total)}`,
    failed: (value: number) => `${count(value)} failed`,
    running: (value: number) => `${count(value)} running`,
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
    cancel: "Cancel batch",
    cancelSure: (left: number) => (left > 0 ? `Cancel ${tasks(left)}?` : "Cancel the batch?"),
    started: (kind: string, clock: string) => `${kind}, started ${clock}`,
    notStarted: (kind: string) => `${kind}, not started yet`,
    doneBy: (half: string, most: string) => `done about ${half}, 9 times in 10 by ${most}`,
    endedAt: (clock: string, took: string) => `ended ${clock}, after ${took}`,
    tasks,
    demo: "This is a demo: its tasks only wait.",
    gone: "This batch is no longer there.",
  },

  results: {
    title: "Results",
    all: "All",
    states: { waiting: "Waiting", running: "Running", done: "Done", failed: "Failed", cancelled: "Cancelled" },
    search: "Search",
    export: "Export",
    formats: { csv: "CSV, for spreadsheets", ndjson: "NDJSON, a line each", json: "JSON" },
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
    input: "Input",
    output: "Result",
    empty: "Nothing returned",
  },

  desk: {
    back: "Office",
    place: (key: number) => `Desk ${key} of 10`,
    previous: "Previous desk",
    next: "Next desk",
    activity: { off: "asleep", idle: "free", working: "working", waiting: "waiting", done: "done", failed: "failed" },
    free: "Free. The next task starts here.",
    freeBlocked: (why: string) => `Free. Nothing starts now: ${why}.`,
    freeNothing: "Free. Nothing waits.",
    asleep: (tier: string, slots: number) => `Asleep. ${tier} runs ${atATime(slots)}.`,
    elapsed: "elapsed",
    took: "took",
    left: "left, about",
    attempt: "attempt",
    attempts: (now: number, most: number) => `${count(now)} of ${count(most)}`,
    working: "Working",
    waits: "Waits for the rate limit",
    waitsFor: (time: string) => `Waits for the rate limit, ${time}`,
    triesAgain: (clock: string) => `Tries again ${clock}`,
    estimated: "estimated",
    unknown: "–",
    log: "Log",
    following: "Following",
    newLines: (value: number) => counted(value, "new line", "new lines"),
    copy: "Copy all",
    copied: "Copied",
    noLog: "No log for this attempt.",
    nothingYet: "Nothing written yet",
    logLate: "The log does not come just now.",
    cancel: "Cancel task",
    cancelSure: "Cancel this task?",
    cancelling: "Asked to stop",
    retry: "Retry",
    retryHint: "Retry is for failed or cancelled tasks.",
    cancelHint: "Only a waiting or running task can be cancelled.",
    before: "Before, at this desk",
    openBatch: (name: string) => `Open the batch ${name}`,
  },

  upstairs: {
    title: "Upstairs",
    lead: (value: number) => `${counted(value, "task runs", "tasks run")} beyond the ten desks.`,
    none: "Nobody is upstairs. Everything that runs has a desk.",
    rest: (value: number) => `and ${count(value)} more`,
  },

  list: {
    label: "The ten desks",
    noRoom: "No 3D on this device. The list says the same.",
    waits: "waiting for the rate limit",
    waitsFor: (time: string) => `waiting for the rate limit, ${time}`,
    until: (clock: string) => `until ${clock}`,
  },

  hello: {
    greeting: (hour: number) => (hour < 5 || hour >= 18 ? "Good evening." : hour < 12 ? "Good morning." : "Good afternoon."),
    free: (value: number) => `${spelt(value)} ${value === 1 ? "desk is" : "desks are"} free.`,
    lead: "Drop a list, one task per row. The workers take it from the top. You watch it get done.",
    or: "or text, one task per line, up to 100,000",
    choose: "Choose a file",
    paste: "Paste lines",
    noList: "No list at hand?",
    demo: "Run a demo of 20 tasks",
    command: "tendesks run list.csv -- ./work.sh {name}",
    copy: "Copy the command",
  },

  submit: {
    title: "Add tasks",
    close: "Close",
    part1: "Tasks",
    part2: "What to do with each",
    part3: "How long it takes",
    orPaste: "or paste lines",
    orFile: "or drop a file",
    change: "Change file",
    pasted: "Pasted lines",
    pasteHere: "One task per line",
    drop: "Drop a CSV here",
    asTable: "Read as a table",
    asLines: "Read as plain lines",
    reading: (rows: number) => `${counted(rows, "row", "rows")} so far`,
    shape: (rows: number, columns: number) => `${counted(rows, "row", "rows")}, ${counted(columns, "column", "columns")}`,
    lines: (rows: number) => counted(rows, "line", "lines"),
    emptyTitles: (value: number, name: string) => (value === 0 ? `no empty ${name}` : counted(value, `empty ${name}`, `empty ${name}`)),
    titleColumn: "Title",
    makeTitle: (name: string) => `Use ${name} as the title`,
    empty: "empty",
    andMore: (value: number) => `and ${count(value)} more`,
    cells: (row: number, got: number, expected: number) =>
      `Row ${count(row)} has ${counted(got, "cell", "cells")}, ${count(expected)} expected`,
    torn: (row: number) => `Row ${count(row)} opens a quote that is never closed`,
    unnamed: (column: number) => `Column ${count(column)} has no name`,
    twice: (name: string) => `Two columns are called ${name}`,
    noObject: (row: number) => `Row ${count(row)} is not a JSON object`,
    noRows: "There are no tasks in it",
    tooMany: (rows: number, most: number) => `${count(rows)} rows, ${count(most)} at most`,
    moreProblems: (value: number) => `and ${count(value)} more`,
    unreadable: "The file could not be read",
    kinds: { command: "Command", demo: "Demo" } as Readonly<Record<string, string>>,
    commandLabel: "Command: the program to start for each task, with its arguments",
    commandExample: "./work.sh {name}",
    insert: "Insert",
    once: "1 attempt, 20 min at most",
    rowBecomes: "Row 1 becomes",
    seconds: "Seconds a task",
    to: "to",
    failShare: "Fails, in a hundred",
    demoNote: "A demo only waits: it shows the office at work and does nothing else.",
    name: "Name of the batch",
    openQuote: "A quote is left open in the command",
    loneBrace: "A brace stands alone: {field} names a column, {{ is a brace",
    noCommand: "Write the program to start",
    noColumn: (name: string) => `There is no column {${name}}`,
    noTasks: "Add tasks first",
    fixRows: (value: number) => `${counted(value, "thing", "things")} to put right in the list`,
    badSeconds: "Seconds go from 0 to 3,600, the smaller first",
    assumed: "60 s a task assumed, measured once some are done",
    measured: (each: string) => `${each} a task, as measured lately`,
    nowLater: (now: number, later: number, when: string) => `${count(now)} now, ${count(later)} in ${when}`,
    footer: (value: number, time: string) => `${tasks(value)}, done in about ${time}`,
    footerAlone: (value: number, time: string) => `${tasks(value)}, about ${time} of work`,
    footerHeld: (now: number, later: number, day: string) => `${count(now)} start now, ${count(later)} wait for ${day}`,
    footerPlain: tasks,
    uses: (value: number, left: number) => `Uses ${count(value)} of the ${count(left)} left this month.`,
    wouldFinish: (tier: string, time: string) => `${tier} would finish in ${time}.`,
    cancel: "Cancel",
    tryFirst: "Try 3 first",
    start: (value: number) => `Start ${tasks(value)}`,
    starting: "Sending",
    demoName: (value: number) => `Demo of ${tasks(value)}`,
    demoTitle: (index: number) => `Demo task ${index}`,
  },

  tiers: {
    title: "Plans",
    lead: (value: number) => `When would the ${tasks(value)} in this office be done?`,
    leadEmpty: "How many tasks run at a time.",
    yours: "Yours",
    month: "a month",
    agreed: "By agreement",
    atATime,
    quota: (value: number, soft: boolean) => `${count(value)} tasks a month${soft ? ", never blocking" : ""}`,
    allHeld: (day: string) => `All would wait for ${day}`,
    held: (now: number, total: number) => `${count(now)} of ${count(total)} in`,
    switch: (title: string) => `Switch to ${title}`,
    current: "Your plan",
    atOnce: "Acts at once, nothing restarts. Going down lets running tasks finish.",
    local: "On your own machine nothing costs anything: switch as you like.",
  },

  keys: {
    title: "Keys",
    deeds: {
      desk: "Open a desk",
      next: "Previous, next desk",
      previous: "Previous desk",
      upstairs: "Who is upstairs",
      batches: "Batches",
      add: "Add tasks",
      trouble: "Next desk that failed or waits",
      search: "Search in results",
      list: "List instead of the room",
      theme: "Day, night, by the clock",
      keys: "This list",
      back: "Back, closes one thing",
    },
    single: "Single keys are on",
    rest: "Single keys rest while a field has focus.",
  },

  signin: {
    title: "This office needs its key.",
    lead: "Where the server was started, a line was printed that opens this page:",
    line: (origin: string) => `Open ${origin}/#token=…`,
    again: "No longer to be found? Stop the server and start it again: tendesks serve prints it anew.",
    field: "Or paste the address or its token here",
    enter: "Open the office",
    refused: "The server does not know this token. It may be of another server, or of an earlier one.",
    unreachable: "The server does not answer.",
  },

  say: {
    failed: (title: string, why: string) => `${title} failed: ${why.charAt(0).toLowerCase()}${why.slice(1)}.`,
    batchDone: (name: string, done: number, failed: number) => `Batch ${name} has ended: ${words.side.outcome(done, failed)}.`,
    blocked: (why: string) => `The queue starts nothing now: ${why}.`,
    goesOn: "The queue goes on.",
    figures: (running: number, waiting: number) => `${count(running)} running, ${count(waiting)} waiting.`,
    stale: (age: string) => `The connection is gone. What is shown is ${age} old.`,
    back: "Live again.",
  },

  trouble: {
    unreachable: "The server does not answer. Nothing was changed.",
    other: "That did not work.",
  },
} as const;
