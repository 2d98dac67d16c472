/** Every sentence of the interface, in one place. Short, exact, in the user's words; no blame and no exclamation marks. */
import type { Reason } from "../state/office.ts";
import { count, counted } from "./numbers.ts";
import { submitWords } from "./submit/words.ts";

const NUMBERS = ["No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten"];
const tasks = (value: number) => counted(value, "task", "tasks");
const spelt = (value: number) => NUMBERS[value] ?? count(value);

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
    account: "Account",
    share: "Share",
    watching: (value: number) => `${count(value)} watching`,
    watchingLong: (value: number) => `${count(value)} pages show this office now, this one included`,
    replay: "Replay",
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
    replay: "Replay",
  },

  /** Why nothing starts: what stands large, what beneath it, and both as one clause. */
  why: {
    quota: "waiting for quota",
    waiting: "waiting",
    waitingUntil: (when: string) => `waiting ${when}`,
    untilDay: (day: string) => `until ${day}`,
    limit: "the provider's limit",
    limitSentence: (waiting: string) => `the provider's limit is reached, ${waiting}`,
    room: "no room on this machine",
    runners: "for your own runners",
    runnersSentence: "waits for your own runners",
    either: "for room or your own runners",
    eitherSentence: "waits for room or for your own runners",
    paused: "paused",
    allPaused: "all that waits is paused",
    restart: "the server restarts",
    disk: "the disk is full",
    suspended: "this account is suspended",
  },

  plan: {
    label: "Desks",
    cell: (key: string, worker: string, what: string) => `Desk ${key}, ${worker}, ${what}`,
  },

  batch: {
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
    firstFailed: (seen: number, all: number) => `Why tasks failed, the first ${count(seen)} of ${count(all)}`,
    oneReason: (why: string) => `Only: ${why}`,
    showAll: "Show all again",
    retryThese: (value: number, why: string) => `Retry ${count(value)}: ${why}`,
    retryShort: "Retry",
    retrying: "Asked",
    howLong: "How long tasks took",
    ofDone: (value: number) => `${count(value)} done`,
    firstDone: (seen: number, all: number) => `the first ${count(seen)} of ${count(all)} done`,
    afterSome: (least: number) => `Said once ${spelt(least).toLowerCase()} are done.`,
    noneFailed: "Nothing failed.",
    moreReasons: (value: number) => `and ${counted(value, "reason", "reasons")} more`,
    half: (time: string) => `Half within ${time}`,
    most: (time: string) => `9 in 10 within ${time}`,
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
    exitCode: (code: string) => `Program ended with code ${code}`,
    tokensIn: (value: number) => `${count(value)} tokens in`,
    tokensOut: (value: number) => `${count(value)} tokens out`,
    cost: (dollars: string) => `$${dollars}`,
    cut: "cut before its end",
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
    waits: "Waits for the provider's limit",
    waitsFor: (time: string) => `Waits for the provider's limit, ${time}`,
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
    waits: "waits for the provider's limit",
    waitsFor: (time: string) => `waits for the provider's limit, ${time}`,
    blocked: (why: string) => `Nothing starts now: ${why}.`,
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

  submit: submitWords,

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
      share: "Share with who only looks",
      trouble: "Next desk that failed or waits",
      search: "Search in results",
      list: "List instead of the room",
      replay: "Recordings, to replay one",
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
    started: (name: string, value: number, time: string) => `${name}: ${tasks(value)} started, done in about ${time}.`,
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
    panel: "This panel did not come. Reload the page.",
  },
} as const;
