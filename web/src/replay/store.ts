/** The store of a replay: the very shape that the live one has, so that room and panels need not know which they are shown. */
import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { Phase } from "../net/link.ts";
import type { Role } from "../net/protocol.ts";
import type { Course } from "../state/course.ts";
import { NOTHING_SEEN } from "../state/seen.ts";
import type { OfficeStore } from "../state/store.ts";

const NONE = {};

/**
 * @param course what is shown
 * @param age how old it is at the moment that is shown; where nothing was stored it is not true any more
 */
export function replayStore(course: ReadonlySignal<Course>, age: () => number): OfficeStore {
  const state = computed(() => course.value.at(-1)?.state);
  return {
    state,
    course,
    office: computed(() => state.value?.office),
    desks: computed(() => state.value?.desks ?? NONE),
    batches: computed(() => state.value?.batches ?? NONE),
    queue: computed(() => state.value?.queue),
    overflow: computed(() => state.value?.overflow),
    quota: computed(() => state.value?.quota),
    // What this page saw on its way to the moment is no property of the moment.
    seen: signal(NOTHING_SEEN),
    phase: signal<Phase>("live"),
    role: signal<Role | undefined>("viewer"),
    viewers: signal<number | undefined>(undefined),
    deliver: () => "nothing",
    enter: () => undefined,
    age,
    connection: () => ({ phase: "live" }),
  };
}
