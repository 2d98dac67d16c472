/**
 * The state of an office as the live socket carries it (interface.md section 5).
 * Absent means none: there are no nulls. Every number is an integer; times are milliseconds since the epoch.
 */
export type Activity = "off" | "idle" | "working" | "waiting" | "done" | "failed";
export type Reason = "exit" | "timeout" | "unreachable" | "limit" | "invalid" | "lost";
export type Blocked = "quota" | "ratelimit" | "capacity" | "paused" | "draining" | "disk" | "suspended";
export type BatchState = "queued" | "running" | "paused" | "waiting" | "done" | "cancelled";

/** [half are done by, nine in ten are done by], as moments. */
export type Eta = readonly [p50: number, p90: number];

/** Since `at`, `permille` of the work was done and `remaining` ms were left; `reported` is 1 when the task said so itself. */
export type Progress = readonly [at: number, permille: number, remaining: number, reported: 0 | 1];

/** A walk from one place to another between two moments. */
export type Path = readonly [from: string, to: string, start: number, end: number];

export interface Office {
  readonly id: string;
  readonly name?: string;
  readonly tier: string;
  readonly slots: number;
  readonly running: number;
  readonly finished?: number;
  readonly more?: number;
}

export interface Desk {
  readonly worker: string;
  readonly activity: Activity;
  readonly since: number;
  readonly execution?: string;
  readonly task?: string;
  readonly batch?: string;
  readonly title?: string;
  readonly note?: string;
  readonly attempt?: readonly [now: number, most: number];
  readonly progress?: Progress;
  readonly until?: number;
  readonly reason?: Reason;
  readonly place?: string;
  readonly path?: Path;
}

export interface Upstairs {
  readonly title?: string;
  readonly batch?: string;
  readonly since: number;
}

export interface Overflow {
  readonly count: number;
  readonly shown: Readonly<Record<string, Upstairs>>;
}

export interface Queue {
  readonly waiting: number;
  readonly perhour?: number;
  /** When the last whole minute was over, and how many tasks ended in each minute before it, oldest first. */
  readonly pace?: readonly number[];
  readonly eta?: Eta;
  readonly blocked?: Blocked;
  readonly until?: number;
}

export interface Batch {
  readonly name?: string;
  readonly state: BatchState;
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  readonly running: number;
  readonly order: number;
  readonly eta?: Eta;
}

export interface Quota {
  readonly used: number;
  readonly limit: number;
  readonly resets: number;
}

export interface OfficeState {
  readonly office: Office;
  readonly desks: Readonly<Record<string, Desk>>;
  readonly overflow: Overflow;
  readonly queue: Queue;
  readonly batches: Readonly<Record<string, Batch>>;
  readonly quota?: Quota;
}
