/** What HTTP answers, as the interface reads it: only the fields the page shows, each checked where it comes in. */

import type { BatchState, Blocked } from "../state/office.ts";
import { BATCH_STATES } from "./keyframe.ts";
import { type Fields, flag, integer, list, number, object, oneOf, optional, text, time } from "./read.ts";

const TASK_STATES = ["waiting", "running", "done", "failed", "cancelled"] as const;
const BLOCKED = ["quota", "ratelimit", "capacity", "paused", "draining", "disk", "suspended"] as const;
const EXECUTION_STATES = ["running", "done", "failed", "cancelled", "lost"] as const;
export type TaskState = (typeof TASK_STATES)[number];

export interface Attempt {
  readonly id: string;
  readonly attempt: number;
  readonly state: (typeof EXECUTION_STATES)[number];
  /** Milliseconds since the epoch. */
  readonly started: number;
  readonly ended?: number | undefined;
}

export interface Task {
  readonly id: string;
  readonly batch: string;
  readonly title: string;
  readonly state: TaskState;
  readonly attempts: number;
  readonly input: unknown;
  readonly result?: unknown;
  readonly reason?: string | undefined;
  /** What exactly went wrong, in a sentence. */
  readonly message?: string | undefined;
  readonly executions: readonly Attempt[];
}

/** Files of results, in the order in which they are offered. */
export const FORMATS = ["csv", "ndjson", "json", "parquet"] as const;
export type Format = (typeof FORMATS)[number];

export interface BatchDetail {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly state: BatchState;
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly running: number;
  readonly waiting: number;
  readonly order: number;
  readonly blocked?: Blocked | undefined;
  /** Until when it is blocked, where that is known. */
  readonly until?: number | undefined;
  /** Why the server paused it, in a sentence; none where a person did. */
  readonly reason?: string | undefined;
  readonly started?: number | undefined;
  readonly ended?: number | undefined;
  /** As what its results can be had: by this plan, of this server. Only where one batch was asked for. */
  readonly formats?: readonly Format[] | undefined;
}

/** What a task can be on this server. */
export interface Kind {
  readonly name: string;
  /** So often a task of it is tried unless the batch says otherwise. */
  readonly attempts: number;
  readonly allowed: boolean;
}

/** A batch that was taken; in how many milliseconds half of such batches are done, and nine in ten. */
export interface Made {
  readonly id: string;
  readonly half: number;
  readonly most: number;
}

export interface LogTail {
  readonly lines: ReadonlyArray<{ readonly at: number; readonly text: string }>;
  readonly next: number;
  readonly ended: boolean;
}

/** A session that was recorded. */
export interface RecordingRow {
  readonly id: string;
  readonly started: number;
  /** Absent while it is still made. */
  readonly ended?: number | undefined;
  readonly seconds: number;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string | undefined;
}

export function attempt(value: unknown): Attempt {
  const fields = object(value, "execution");
  return {
    id: text(fields["id"], "execution.id"),
    attempt: integer(fields["attempt"], "execution.attempt"),
    state: oneOf(fields["state"], EXECUTION_STATES, "execution.state"),
    started: time(fields["started"], "execution.started"),
    ended: optional(fields["ended"], time, "execution.ended"),
  };
}

export function task(value: unknown): Task {
  const fields = object(value, "task");
  return {
    id: text(fields["id"], "task.id"),
    batch: text(fields["batch"], "task.batch"),
    title: text(fields["title"], "task.title"),
    state: oneOf(fields["state"], TASK_STATES, "task.state"),
    attempts: optional(fields["attempts"], integer, "task.attempts") ?? 0,
    input: fields["input"],
    result: fields["result"] ?? undefined,
    reason: optional(fields["reason"], text, "task.reason"),
    message: optional(fields["message"], text, "task.message"),
    executions: (optional(fields["executions"], list, "task.executions") ?? []).map(attempt),
  };
}

function figures(fields: Fields): Pick<BatchDetail, "total" | "done" | "failed" | "cancelled" | "running" | "waiting"> {
  const figure = (name: string) => integer(fields[name], `batch.${name}`);
  return {
    total: figure("total"),
    done: figure("done"),
    failed: figure("failed"),
    cancelled: figure("cancelled"),
    running: figure("running"),
    waiting: figure("waiting"),
  };
}

function blocked(value: unknown, where: string): Blocked {
  return oneOf(value, BLOCKED, where);
}

export function kind(value: unknown): Kind {
  const fields = object(value, "kind");
  return {
    name: text(fields["name"], "kind.name"),
    attempts: optional(fields["attempts"], integer, "kind.attempts") ?? 1,
    allowed: fields["allowed"] !== false,
  };
}

export function made(value: unknown): Made {
  const fields = object(value, "batch");
  const seconds = object(fields["estimate"], "batch.estimate");
  return {
    id: text(fields["id"], "batch.id"),
    half: number(seconds["p50"], "batch.estimate.p50") * 1_000,
    most: number(seconds["p90"], "batch.estimate.p90") * 1_000,
  };
}

/** Those that this page knows; a newer server may have others. */
function formats(value: unknown, name: string): readonly Format[] {
  const had = list(value, name);
  return FORMATS.filter((format) => had.includes(format));
}

export function batch(value: unknown): BatchDetail {
  const fields = object(value, "batch");
  return {
    id: text(fields["id"], "batch.id"),
    name: text(fields["name"], "batch.name"),
    kind: text(fields["kind"], "batch.kind"),
    state: oneOf(fields["state"], BATCH_STATES, "batch.state"),
    ...figures(fields),
    order: integer(fields["order"], "batch.order"),
    blocked: optional(fields["blocked"], blocked, "batch.blocked"),
    until: optional(fields["until"], time, "batch.until"),
    reason: optional(fields["reason"], text, "batch.reason"),
    started: optional(fields["started"], time, "batch.started"),
    ended: optional(fields["ended"], time, "batch.ended"),
    formats: optional(fields["formats"], formats, "batch.formats"),
  };
}

export function logTail(value: unknown): LogTail {
  const fields = object(value, "log");
  const lines = list(fields["lines"], "log.lines").map((entry) => {
    const line = object(entry, "log.line");
    return { at: time(line["at"], "log.line.at"), text: text(line["text"], "log.line.text") };
  });
  return { lines, next: integer(fields["next"], "log.next"), ended: flag(fields["ended"]) };
}

/** A list, whether bare or as `{"items": […], "next": cursor?}`. */
export function page<T>(value: unknown, read: (item: unknown) => T): Page<T> {
  if (Array.isArray(value)) return { items: value.map(read) };
  const fields = object(value, "list");
  return { items: list(fields["items"], "list.items").map(read), next: optional(fields["next"], text, "list.next") };
}

export function recordingRow(value: unknown): RecordingRow {
  const fields = object(value, "recording");
  return {
    id: text(fields["id"], "recording.id"),
    started: time(fields["started"], "recording.started"),
    ended: optional(fields["ended"], time, "recording.ended"),
    seconds: number(fields["seconds"], "recording.seconds"),
  };
}
