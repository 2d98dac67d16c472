/** Every sentence of the interface, in one place. Short, exact, in the user's words; no blame and no exclamation marks. */
import type { Reason } from "../state/office.ts";
import { batchWords, resultsWords } from "./batchwords.ts";
import { deskWords, listWords, upstairsWords } from "./deskwords.ts";
import { cameraKeys } from "./gazewords.ts";
import { atATime, count, counted, spelt } from "./numbers.ts";
import { submitWords } from "./submit/words.ts";

const tasks = (value: number) => counted(value, "task", "tasks");

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
    settings: "Settings",
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

  batch: batchWords,
  results: resultsWords,
  desk: deskWords,
  upstairs: upstairsWords,
  list: listWords,

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
    link: "Keys, sounds and notices",
    deeds: {
      desk: "Open a desk",
      next: "Previous, next desk",
      previous: "Previous desk",
      upstairs: "Who is upstairs",
      batches: "Batches",
      add: "Add tasks",
      share: "Share with who only looks",
      trouble: "Next desk that failed or waits",
      ...cameraKeys,
      search: "Search in results",
      list: "List instead of the room",
      replay: "Recordings, to replay one",
      theme: "Day, night, by the clock",
      wall: "For a screen on a wall",
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
