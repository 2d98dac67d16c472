/** The words of plans: the page that compares them, how one is paid for, and the quiet line about one's own. */
import { count, counted } from "../numbers.ts";

const FEATURES: Readonly<Record<string, string>> = {
  exports: "dataset exports",
  keys: "own keys",
  analytics: "analytics",
  members: "team members",
  webhooks: "webhooks",
  sla: "SLA report",
};

function upper(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function hoursWords(hours: number): string {
  return hours >= 48 && hours % 24 === 0 ? counted(hours / 24, "day", "days") : counted(hours, "hour", "hours");
}

export const plansWords = {
  title: "Plans",
  when: (total: number) => ["When will your", `${counted(total, "task", "tasks")} be done?`] as const,
  would: (total: number) => ["When would", `${count(total)} tasks be done?`] as const,
  measured: (each: string) => `Counted for your queue: ${each} a task, as measured here.`,
  assumed: (each: string) => `Counted with ${each} a task until some of yours are measured.`,
  more: "More at a time changes how long it takes, not the results.",
  yours: "Yours",
  allIn: (total: number) => `all ${count(total)} in`,
  someIn: (now: number, total: number) => `${count(now)} of ${count(total)} in`,
  noneBefore: "none before",
  nextMonth: "next month",
  someWait: (now: number, later: number, day: string) => `${count(now)} start now, ${count(later)} wait for ${day}`,
  allWait: (day: string) => `All wait for ${day}`,
  noneWaits: "None waits for the month to turn",
  tasksAtATime: (slots: number) => (slots === 1 ? "1 task at a time" : `${count(slots)} tasks at a time`),
  same: "no sooner than now",
  sooner: (time: string) => `${time} sooner`,
  later: (time: string) => `${time} later`,
  desks: (slots: number, desks: number) =>
    slots > desks ? `${count(desks)} desks and ${count(slots - desks)} upstairs` : `${counted(slots, "desk", "desks")} awake`,
  atATime: (slots: number, withKey: number) =>
    withKey > slots ? `${count(slots)} at a time, ${count(withKey)} with your own key` : `${count(slots)} at a time`,
  quota: (value: number, soft: boolean) => `${count(value)} tasks a month${soft ? ", never blocking" : ""}`,
  links: (links: number | undefined, viewers: number | undefined) =>
    [
      links === undefined ? "unlimited links" : counted(links, "link", "links"),
      viewers === undefined ? "" : `${count(viewers)} viewers each`,
    ]
      .filter((part) => part !== "")
      .join(", "),
  replays: (days: number | undefined) =>
    days === undefined ? "replays kept until you delete them" : `replays kept ${counted(days, "day", "days")}`,
  everything: (title: string) => `everything in ${title}`,
  feature: (name: string) => FEATURES[name] ?? name,
  support: (hours: number) => `a first answer within ${hoursWords(hours)}`,
  upper,
  price: (dollars: number) => `$${count(dollars)}`,
  month: "a month",
  talk: "Talk to us",
  agreed: "By agreement",
  current: "Your plan",
  go: (title: string) => `Go to ${title}`,
  switch: (title: string) => `Switch to ${title}`,
  write: "Write to us",
  settle: "Settle the payment",
  hide: "Hide",
  facts: ["Acts at once, nothing restarts", "Going down lets running tasks finish", "Retries never count against the quota"],
  local: "On your own machine nothing costs anything: switch as you like.",
  ownersOnly: "An owner of this office can change its plan.",
  asked: "Plans are changed by whoever runs this server.",
  keyHint: "Add your own key",
  failed: "The plans did not come.",
  again: "Try again",
  unpaid: "Once the payment is settled, plans can be changed again.",

  line: {
    deletes: (when: string) => `This account is deleted on ${when}.`,
    waiting: "Waiting for the payment's confirmation",
    late: "Still waiting for the payment's confirmation. It can take some minutes, and is shown here as soon as it comes.",
    bought: (title: string) => `Your plan is ${title} now.`,
    back: "You came back before paying. Nothing was changed.",
    pastDue: (title: string, day: string) => `The last payment did not come through. ${title} stays until ${day}.`,
    due: "The last payment did not come through.",
    unpaid: "A payment is missing.",
    account: "Account",
    usedAll: (limit: number) => `All ${count(limit)} of this month are used.`,
    rest: (later: number, day: string) => `${later === 1 ? "1 waits" : `${count(later)} wait`} for ${day}.`,
    some: (now: number, later: number, day: string) => `${count(now)} start now, ${count(later)} wait for ${day}.`,
  },
} as const;
