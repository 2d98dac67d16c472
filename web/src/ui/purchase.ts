/**
 * A plan that is being paid for, elsewhere: from the press that leads there until the office has the plan. The server is not
 * asked for it: every frame of the office says which plan it has.
 */
import { computed, effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Account } from "../net/account.ts";
import type { OfficeStore } from "../state/store.ts";
import type { Keep, View } from "./view.ts";

export interface Wish {
  readonly from: string;
  readonly to: string;
}

/** `late`: the confirmation takes longer than people would wait for. */
export type Stage = "none" | "back" | "waiting" | "late" | "bought";

export interface Purchase {
  readonly stage: ReadonlySignal<Stage>;
  /** Sends the browser to where it is paid. @param wish a plan to wait for afterwards */
  leave(address: string, wish?: Wish): void;
  /** What came of it has been read. */
  dismiss(): void;
}

export const LATE_S = 60;
const KEPT = "purchase";
const ARRIVED = "billing";
const NOTHING = "";

/** How the browser came back from where one pays, and the address without it. */
export function arrivalIn(search: string): readonly [arrival: string | undefined, rest: string] {
  const query = new URLSearchParams(search);
  const arrival = query.get(ARRIVED) ?? undefined;
  query.delete(ARRIVED);
  const rest = query.toString();
  return [arrival, rest === "" ? "" : `?${rest}`];
}

function wishIn(kept: string | null): Wish | undefined {
  const [from, to] = (kept ?? NOTHING).split(">");
  return from === undefined || to === undefined ? undefined : { from, to };
}

export interface Till {
  readonly store: Pick<OfficeStore, "office">;
  readonly view: Pick<View, "second">;
  readonly account: ReadonlySignal<Account | undefined>;
  /** Kept as long as the tab is. */
  readonly keep: Keep;
  readonly go: (address: string) => void;
}

export function createPurchase(came: string | undefined, { store, view, account, keep, go }: Till): Purchase {
  const arrival = came ?? keep.get(ARRIVED);
  const kept = keep.get(KEPT);
  const wish = wishIn(kept);
  const since = view.second.peek();
  const read: Signal<boolean> = signal(false);
  const stage = computed(stageNow);
  if (came !== undefined) keep.set(ARRIVED, came);

  /** Whoever comes back in another tab has no wish there: then what the account pays for tells. */
  function has(): boolean {
    const tier = store.office.value?.tier;
    if (tier === undefined) return false;
    return wish === undefined ? account.value?.billing?.state === "active" : tier === wish.to || tier !== wish.from;
  }
  function stageNow(): Stage {
    if (read.value) return "none";
    if (arrival === "back") return wish === undefined ? "none" : "back";
    // Without anything to wait for it was a smaller plan, which comes when the time that is paid for is over, or the portal.
    if (arrival !== "done" || kept === NOTHING) return "none";
    if (has()) return "bought";
    return view.second.value - since < LATE_S ? "waiting" : "late";
  }
  effect(() => {
    if (stage.value === "bought" || stage.value === "back") keep.set(ARRIVED, NOTHING); // said once, also when the page is loaded anew
  });
  return {
    stage,
    leave(address, leaving) {
      keep.set(KEPT, leaving === undefined ? NOTHING : `${leaving.from}>${leaving.to}`);
      keep.set(ARRIVED, NOTHING);
      go(address);
    },
    dismiss() {
      read.value = true;
    },
  };
}
