/** What a press on a plan does: in local mode it is switched at once, elsewhere the browser goes to where it is paid or changed. */
import { useState } from "preact/hooks";
import type { Tier } from "../../net/tiers.ts";
import { useApp } from "../app.ts";
import { failureWords } from "../trouble.ts";
import type { Offer } from "./offer.ts";

export interface Choosing {
  /** A request is on its way, or the browser is about to leave. */
  readonly busy: boolean;
  readonly trouble: string | undefined;
  choose(tier: Tier, offer: Offer, tiers: readonly Tier[]): void;
  /** Goes to where what is paid for is changed. */
  settle(): void;
}

export function useChoosing(): Choosing {
  const { api, store, purchase, refreshAccount } = useApp();
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string>();

  function attempt(deed: () => Promise<unknown>): void {
    setBusy(true);
    setTrouble(undefined);
    deed().catch((error: unknown) => {
      setBusy(false);
      setTrouble(failureWords(error));
    });
  }
  async function change(name: string): Promise<void> {
    await api.switchTier(name);
    await refreshAccount();
    setBusy(false);
  }
  /** Whether there is something to wait for afterwards: a smaller plan comes when what is paid for has ended. */
  function rises(tier: Tier, tiers: readonly Tier[]): boolean {
    const mine = store.office.value?.tier;
    return tiers.findIndex(({ name }) => name === tier.name) > tiers.findIndex(({ name }) => name === mine);
  }
  async function buy(tier: Tier, tiers: readonly Tier[]): Promise<void> {
    const address = await api.checkout(tier.name);
    purchase?.leave(address, rises(tier, tiers) ? { from: store.office.value?.tier ?? "", to: tier.name } : undefined);
  }
  const settle = () => attempt(async () => purchase?.leave(await api.portal()));
  function choose(tier: Tier, offer: Offer, tiers: readonly Tier[]): void {
    if (offer.does === "switch") attempt(() => change(tier.name));
    if (offer.does === "buy") attempt(() => buy(tier, tiers));
    if (offer.does === "portal") settle();
  }
  return { busy, trouble, choose, settle };
}
