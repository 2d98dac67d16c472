/** Webhooks over HTTP: addresses that ended batches are told to, and what became of what was sent there. */
import type { Http } from "./http.ts";
import { flag, integer, list, object, oneOf, optional, text, time } from "./read.ts";
import { page } from "./shapes.ts";

export const OFF = ["owner", "gone", "failing", "secret"] as const;
const STATES = ["ok", "failing", "off"] as const;
const DELIVERY_STATES = ["waiting", "delivered", "failed"] as const;

export interface Webhook {
  readonly id: string;
  readonly url: string;
  readonly label?: string | undefined;
  readonly state: (typeof STATES)[number];
  /** Since when nothing arrived there any more. */
  readonly failing?: number | undefined;
  /** Why nothing is sent there. */
  readonly off?: (typeof OFF)[number] | undefined;
  readonly delivered?: number | undefined;
  readonly waiting: number;
}

/** One message to one address; `status` and `reason` are those of its last attempt. */
export interface Delivery {
  readonly id: string;
  readonly event: string;
  readonly batch?: string | undefined;
  readonly state: (typeof DELIVERY_STATES)[number];
  readonly attempts: number;
  readonly reason?: string | undefined;
  readonly next?: number | undefined;
  readonly created: number;
}

export interface Known {
  readonly items: readonly Webhook[];
  /** Whether the plan has webhooks; else nothing is sent. */
  readonly sending: boolean;
}

export interface Webhooks {
  known(signal?: AbortSignal): Promise<Known>;
  /** Returns the secret that messages are signed with, which is told this once. */
  add(url: string, label: string): Promise<string>;
  turn(id: string, on: boolean): Promise<void>;
  drop(id: string): Promise<void>;
  /** Returns another secret; the one before is good for a day. */
  rotate(id: string): Promise<string>;
  ping(id: string): Promise<void>;
  /** The latest first. */
  deliveries(id: string, signal?: AbortSignal): Promise<readonly Delivery[]>;
  again(id: string, delivery: string): Promise<void>;
}

/** As many deliveries as one looks through here; the command line has all. */
const SHOWN = 8;

function webhook(value: unknown): Webhook {
  const fields = object(value, "webhook");
  return {
    id: text(fields["id"], "webhook.id"),
    url: text(fields["url"], "webhook.url"),
    label: optional(fields["label"], text, "webhook.label"),
    state: oneOf(fields["state"], STATES, "webhook.state"),
    failing: optional(fields["failing"], time, "webhook.failing"),
    off: optional(fields["off"], (found, where) => oneOf(found, OFF, where), "webhook.off"),
    delivered: optional(fields["delivered"], time, "webhook.delivered"),
    waiting: integer(fields["waiting"], "webhook.waiting"),
  };
}

function delivery(value: unknown): Delivery {
  const fields = object(value, "delivery");
  return {
    id: text(fields["id"], "delivery.id"),
    event: text(fields["event"], "delivery.event"),
    batch: optional(fields["batch"], text, "delivery.batch"),
    state: oneOf(fields["state"], DELIVERY_STATES, "delivery.state"),
    attempts: integer(fields["attempts"], "delivery.attempts"),
    reason: optional(fields["reason"], text, "delivery.reason"),
    next: optional(fields["next"], time, "delivery.next"),
    created: time(fields["created"], "delivery.created"),
  };
}

function known(value: unknown): Known {
  const fields = object(value, "webhooks");
  return { items: list(fields["items"], "webhooks.items").map(webhook), sending: flag(fields["sending"]) };
}

const secret = (value: unknown) => text(object(value, "webhook")["secret"], "webhook.secret");

export function createWebhooks(http: Pick<Http, "ask">): Webhooks {
  const one = (id: string) => `/webhooks/${id}`;
  return {
    known: async (signal) => known(await http.ask("/webhooks", signal && { signal })),
    add: async (url, label) => secret(await http.ask("/webhooks", { method: "POST", json: { url, ...(label && { label }) } })),
    turn: async (id, on) => void (await http.ask(one(id), { method: "PATCH", json: { enabled: on } })),
    drop: async (id) => void (await http.ask(one(id), { method: "DELETE" })),
    rotate: async (id) => secret(await http.ask(`${one(id)}/rotate`, { method: "POST" })),
    ping: async (id) => void (await http.ask(`${one(id)}/ping`, { method: "POST" })),
    deliveries: async (id, signal) =>
      page(await http.ask(`${one(id)}/deliveries`, { query: { limit: SHOWN }, ...(signal && { signal }) }), delivery).items,
    again: async (id, name) => void (await http.ask(`${one(id)}/deliveries/${name}/retry`, { method: "POST" })),
  };
}
