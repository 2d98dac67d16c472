/** What is said of webhooks. */
import type { Delivery, Webhook } from "../../net/webhooks.ts";
import { counted, moment } from "../numbers.ts";

const OFF: Readonly<Record<NonNullable<Webhook["off"]>, string>> = {
  owner: "Switched off",
  gone: "Switched off: it answered that it wants nothing any more",
  failing: "Switched off: nothing arrived for five days",
  secret: "Switched off: its secret cannot be opened. Make a new one, then switch it on",
};

const EVENTS: Readonly<Record<string, string>> = {
  "batch.done": "Batch done",
  "batch.cancelled": "Batch cancelled",
  ping: "Test message",
};

export interface Said {
  readonly text: string;
  readonly look: "dim" | "honey" | "red";
}

/** How an address stands. */
export function standing(hook: Webhook, now: number): Said {
  const waiting = hook.waiting > 0 ? `, ${counted(hook.waiting, "message waits", "messages wait")}` : "";
  if (hook.state === "off") return { text: `${OFF[hook.off ?? "owner"]}${waiting}`, look: hook.off === "owner" ? "dim" : "red" };
  if (hook.state === "failing") return { text: `Nothing arrives since ${moment(hook.failing ?? now, now)}${waiting}`, look: "honey" };
  if (hook.delivered === undefined) return { text: `Nothing sent yet${waiting}`, look: "dim" };
  return { text: `Arrived last ${moment(hook.delivered, now)}${waiting}`, look: "dim" };
}

/** What became of a message. */
export function outcome(delivery: Delivery, now: number): Said {
  const reason = delivery.reason === undefined ? "" : ` ${delivery.reason}.`;
  const tries = counted(delivery.attempts, "attempt", "attempts");
  if (delivery.state === "delivered") return { text: delivery.attempts > 1 ? `Arrived after ${tries}` : "Arrived", look: "dim" };
  if (delivery.state === "failed") return { text: `Did not arrive, ${tries}.${reason}`, look: "red" };
  if (delivery.attempts === 0) return { text: "On its way", look: "dim" };
  const next = delivery.next === undefined || delivery.next <= now ? "" : ` Tries again ${moment(delivery.next, now)}.`;
  return { text: `Not there yet, ${tries}.${reason}${next}`, look: "honey" };
}

export const webhookWords = {
  title: "Webhooks",
  lead: "Addresses of yours that are told when a batch ends, signed.",
  none: "No webhooks",
  other: "This plan has no webhooks.",
  quiet: "This plan has no webhooks: nothing is sent, and what waits is kept.",
  compare: "Compare plans",
  add: "Add a webhook",
  url: "Address",
  urlHint: "https://example.com/hooks",
  label: "What it is (may be empty)",
  save: "Add",
  saving: "Adding",
  back: "Back",
  once: "Copy this secret now. It is shown this once; messages are signed with it.",
  done: "Done",
  secret: "Secret",
  open: (name: string) => `Show ${name}`,
  close: (name: string) => `Hide ${name}`,
  details: "Details",
  hide: "Hide",
  test: "Send a test",
  on: "Switch on",
  off: "Switch off",
  rotate: "New secret",
  rotateSure: "Make a new secret?",
  rotated: "The former secret is good for a day more.",
  remove: "Delete",
  removeSure: "Delete this webhook?",
  nothing: "Nothing was sent there yet.",
  again: "Send again",
  againName: (event: string, when: string) => `Send again: ${event}, ${when}`,
  event: (name: string) => EVENTS[name] ?? name,
} as const;
