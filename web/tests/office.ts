/** An office to test with: ten idle desks, nothing waiting; overwrite what matters. */
import type { Desk, OfficeState } from "../src/state/office.ts";

export const WORKERS = ["Ada", "Bruno", "Chiyo", "Dalia", "Emeka", "Freya", "Gus", "Hana", "Ivo", "Juno"];

export function office(parts: Partial<OfficeState> = {}): OfficeState {
  const desks = Object.fromEntries(WORKERS.map((worker, index): [string, Desk] => [String(index), { worker, activity: "idle", since: 0 }]));
  return {
    office: { id: "juniper", name: "Juniper Research", tier: "pro", slots: 10, running: 0 },
    desks,
    overflow: { count: 0, shown: {} },
    queue: { waiting: 0 },
    batches: {},
    ...parts,
  };
}

export function withDesk(state: OfficeState, index: number, desk: Partial<Desk>): OfficeState {
  const before = state.desks[index] as Desk;
  return { ...state, desks: { ...state.desks, [index]: { ...before, ...desk } } };
}
