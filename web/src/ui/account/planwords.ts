/** What the account panel says of the plan, what is paid for it, and what becomes of one's data. */
import { count, counted } from "../numbers.ts";
import { hoursWords } from "../plans/words.ts";

const days = (value: number) => counted(value, "day", "days");

export const planWords = {
  plan: "Plan",
  compare: "Compare plans",
  renews: (day: string) => `Renews on ${day}.`,
  ends: (title: string, day: string) => `${title} ends on ${day}.`,
  endsSoon: (title: string) => `${title} ends when the time that is paid for is over.`,
  paid: "Paid for.",
  free: "Nothing is paid for.",
  portal: "Invoices and payment",
  settle: "Settle the payment",
  keepPlan: "Change or keep it",

  month: "This month",
  used: (used: number, limit: number) => `${count(used)} of ${counted(limit, "task", "tasks")}`,
  anew: (day: string) => `Starts anew on ${day}. Retries never count.`,
  soft: "Beyond that nothing is held back; it is only counted.",
  over: (day: string) => `All are used. What is left waits for ${day}, or for a larger plan.`,

  support: "Support",
  hours: (hours: number) => `With your plan, a first answer comes within ${hoursWords(hours)}.`,
  write: "Write to",

  data: "Your data",
  export: "Download everything",
  exportWhy: "Batches, tasks, inputs, results, recordings, members and the log of changes, as one file. No secrets are in it.",
  keep: "How long things are kept",
  recordings: "Recordings",
  results: "Inputs and results of finished batches",
  forDays: days,
  untilDeleted: "until you delete them",
  asPlanned: (value: number) => `as long as the plan keeps them, ${days(value)}`,
  keepWhy: "What is older is removed within a day. Counts and durations stay.",

  delete: "Delete this account",
  deleteWhat:
    "At once nothing more starts and all links end. Some days later everything is gone: batches, results, recordings, members, keys. Until then you can take it back.",
  deleteField: (name: string) => `Type “${name}” to confirm`,
  deleteSure: "Delete it all",
  deleteLeave: "Keep everything",
  deletes: (when: string) => `Everything is deleted on ${when}. Until then nothing starts here.`,
  takeBack: "Keep the account",
} as const;
