/** The office as signals, a slice each, so that only what changed is drawn again. Fed by the socket, read by interface and scene. */
import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { Phase } from "../net/link.ts";
import type { Role, ServerMessage } from "../net/protocol.ts";
import type { Delivery } from "../net/socket.ts";
import { accept, EMPTY, held } from "./buffer.ts";
import type { ServerClock } from "./clock.ts";
import { type Course, grown } from "./course.ts";
import type { Batch, Desk, Office, OfficeState, Overflow, Queue, Quota } from "./office.ts";
import { NOTHING_SEEN, type Seen, see } from "./seen.ts";

export interface Connection {
  readonly phase: Phase;
  readonly epoch?: number;
  readonly seq?: number;
}

export interface OfficeStore {
  readonly state: ReadonlySignal<OfficeState | undefined>;
  /** The states of the last moments; empty before the first. */
  readonly course: ReadonlySignal<Course>;
  readonly office: ReadonlySignal<Office | undefined>;
  readonly desks: ReadonlySignal<Readonly<Record<string, Desk>>>;
  readonly batches: ReadonlySignal<Readonly<Record<string, Batch>>>;
  readonly queue: ReadonlySignal<Queue | undefined>;
  readonly overflow: ReadonlySignal<Overflow | undefined>;
  readonly quota: ReadonlySignal<Quota | undefined>;
  readonly seen: ReadonlySignal<Seen>;
  readonly phase: ReadonlySignal<Phase>;
  readonly role: ReadonlySignal<Role | undefined>;
  /** How many pages show this office now, this one included. */
  readonly viewers: ReadonlySignal<number | undefined>;
  /** Takes one message of the server and says what it led to. */
  deliver(message: ServerMessage): Delivery;
  enter(phase: Phase): void;
  /** Milliseconds since the server was last heard; `undefined` before the first word. */
  age(): number | undefined;
  connection(): Connection;
}

const NO_DESKS: Readonly<Record<string, Desk>> = {};
const NO_BATCHES: Readonly<Record<string, Batch>> = {};

/** @param local a monotone clock of this machine, in milliseconds */
export function createStore(clock: ServerClock, local: () => number): OfficeStore {
  const course = signal<Course>([]);
  const state = computed(() => course.value.at(-1)?.state);
  const seen = signal<Seen>(NOTHING_SEEN);
  const phase = signal<Phase>("resting");
  const role = signal<Role | undefined>(undefined);
  const viewers = signal<number | undefined>(undefined);
  let buffer = EMPTY;
  /** Another epoch began: what is shown did not come out of what was. */
  let anew = false;
  let heard: number | undefined;

  function tell(message: ServerMessage): void {
    heard = local();
    if (message.type === "hello") {
      if (message.epoch !== buffer.stream?.epoch) {
        clock.reset();
        anew = true;
      }
      role.value = message.role;
    }
    if (message.type === "viewers") viewers.value = message.count;
    if ("now" in message) clock.observe(message.now);
  }

  function deliver(message: ServerMessage): Delivery {
    tell(message);
    const outcome = accept(buffer, message);
    buffer = outcome.buffer;
    if (outcome.kind === "gap") return "gap";
    if (outcome.kind === "state") {
      clock.observe(outcome.at);
      seen.value = see(seen.value, state.value, outcome.state, outcome.at);
      course.value = grown(anew ? [] : course.value, { at: outcome.at, state: outcome.state });
      anew = false;
    }
    return outcome.kind === "state" || message.type === "resumed" ? (held(buffer) ?? "nothing") : "nothing";
  }

  return {
    state,
    course,
    office: computed(() => state.value?.office),
    desks: computed(() => state.value?.desks ?? NO_DESKS),
    batches: computed(() => state.value?.batches ?? NO_BATCHES),
    queue: computed(() => state.value?.queue),
    overflow: computed(() => state.value?.overflow),
    quota: computed(() => state.value?.quota),
    seen,
    phase,
    role,
    viewers,
    deliver,
    enter: (next) => {
      phase.value = next;
    },
    age: () => (heard === undefined ? undefined : local() - heard),
    connection() {
      const baseline = held(buffer);
      return baseline === undefined ? { phase: phase.value } : { phase: phase.value, epoch: baseline.epoch, seq: baseline.seq };
    },
  };
}
