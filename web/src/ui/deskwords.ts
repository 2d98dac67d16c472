/** What is said of one desk, of those upstairs, and of the list of all ten. */
import { atATime, count, counted } from "./numbers.ts";

export const deskWords = {
  back: "Office",
  place: (key: number) => `Desk ${key} of 10`,
  previous: "Previous desk",
  next: "Next desk",
  activity: { off: "asleep", idle: "free", working: "working", waiting: "waiting", done: "done", failed: "failed" },
  free: "Free. The next task starts here.",
  freeBlocked: (why: string) => `Free. Nothing starts now: ${why}.`,
  freeNothing: "Free. Nothing waits.",
  asleep: (tier: string, slots: number) => `Asleep. ${tier} runs ${atATime(slots)}.`,
  idleFor: (time: string) => `Idle for ${time}.`,
  last: (title: string, came: string) => `Last: ${title}, ${came}.`,
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
} as const;

export const upstairsWords = {
  title: "Upstairs",
  lead: (value: number) => `${counted(value, "task runs", "tasks run")} beyond the ten desks.`,
  none: "Nobody is upstairs. Everything that runs has a desk.",
  rest: (value: number) => `and ${count(value)} more`,
} as const;

export const listWords = {
  label: "The ten desks",
  noRoom: "No 3D on this device. The list says the same.",
  waits: "waits for the provider's limit",
  waitsFor: (time: string) => `waits for the provider's limit, ${time}`,
  blocked: (why: string) => `Nothing starts now: ${why}.`,
  until: (clock: string) => `until ${clock}`,
} as const;
