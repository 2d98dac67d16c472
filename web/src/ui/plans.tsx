/** The plans side by side, told in the time this office's own tasks would take. In local mode one press switches. */
import { useState } from "preact/hooks";
import type { Estimate, Tier } from "../net/shapes.ts";
import { useApp } from "./app.ts";
import { DESKS } from "./facts.ts";
import { useFetched } from "./fetched.ts";
import { count, minutes, utcDay } from "./numbers.ts";
import { OwnKeys } from "./ownkeys.tsx";
import { Button, KeyCap, Waiting } from "./parts.tsx";
import { failureWords } from "./trouble.ts";
import { words } from "./words.ts";

function Desks({ slots }: { readonly slots: number }) {
  return (
    <div class="tier-desks" aria-hidden="true">
      {Array.from({ length: DESKS }, (_, index) => (
        <i key={index} class={index < slots ? "on" : ""} />
      ))}
    </div>
  );
}

function Time({ estimate, total }: { readonly estimate: Estimate | undefined; readonly total: number }) {
  if (estimate === undefined || total === 0) return null;
  if (estimate.now === 0)
    return <div class="tier-time honey">{words.tiers.allHeld(estimate.resumes === undefined ? "" : utcDay(estimate.resumes))}</div>;
  return (
    <div class="tier-time">
      {estimate.later > 0 && <span class="honey">{words.tiers.held(estimate.now, total)}</span>}
      <b>{minutes(estimate.minutes)}</b>
    </div>
  );
}

interface CardProps {
  readonly tier: Tier;
  readonly estimate: Estimate | undefined;
  readonly total: number;
  readonly mine: boolean;
  readonly local: boolean;
  readonly choose: (name: string) => void;
  readonly busy: boolean;
}

function Card({ tier, estimate, total, mine, local, choose, busy }: CardProps) {
  return (
    <li class={mine ? "tier-card mine" : "tier-card"}>
      <div class="row between">
        <h2>{tier.title}</h2>
        {mine && <span class="chip teal">{words.tiers.yours}</span>}
      </div>
      <Time estimate={estimate} total={total} />
      <Desks slots={tier.slots} />
      <div class="tier-facts">
        <b>{words.tiers.atATime(tier.slots)}</b>
        <span class="dim">{words.tiers.quota(tier.quota, tier.soft)}</span>
        <span class="dim">{tier.price === undefined ? words.tiers.agreed : `$${count(tier.price)} ${words.tiers.month}`}</span>
      </div>
      {local && (
        <Button disabled={mine || busy} onClick={() => choose(tier.name)}>
          {mine ? words.tiers.current : words.tiers.switch(tier.title)}
        </Button>
      )}
    </li>
  );
}

function useSwitch() {
  const { api, refreshAccount } = useApp();
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string>();
  function choose(name: string): void {
    setBusy(true);
    setTrouble(undefined);
    api
      .switchTier(name)
      .then(refreshAccount)
      .catch((error: unknown) => setTrouble(failureWords(error)))
      .finally(() => setBusy(false));
  }
  return { busy, trouble, choose };
}

export function PlansPanel() {
  const { api, store, view, account, rights } = useApp();
  const state = store.state.value;
  const total = state === undefined ? 0 : state.queue.waiting + state.office.running;
  const { busy, trouble, choose } = useSwitch();
  const tiers = useFetched(() => api.tiers(), []);
  const estimates = useFetched(
    (signal) => (total > 0 ? api.estimates(total, signal) : Promise.resolve([])),
    [total > 0, state?.office.tier],
    true,
  );
  const local = account.value?.mode !== "hosted";
  return (
    <div class="plans">
      <header class="row between sheet-head">
        <h1 class="title">{words.tiers.title}</h1>
        <span class="row">
          <KeyCap>Esc</KeyCap>
          <Button look="s icon quiet" glyph="cross" label={words.submit.close} onClick={() => view.open({ kind: "sidebar" })} />
        </span>
      </header>
      <section class="scroll plans-body">
        <p class="dim lead-line">{total > 0 ? words.tiers.lead(total) : words.tiers.leadEmpty}</p>
        {tiers.state === "waiting" && <Waiting rows={4} height={60} />}
        {tiers.state === "failed" && <p class="red">{failureWords(tiers.error)}</p>}
        <ul class="tier-cards">
          {(tiers.value ?? []).map((tier) => (
            <Card
              key={tier.name}
              tier={tier}
              estimate={estimates.value?.find((each) => each.tier === tier.name)}
              total={total}
              mine={tier.name === state?.office.tier}
              local={local}
              choose={choose}
              busy={busy}
            />
          ))}
        </ul>
        {trouble !== undefined && <p class="red small">{trouble}</p>}
        {rights.acts && <OwnKeys />}
      </section>
      <footer class="dim small plans-foot">
        {words.tiers.atOnce} {local && words.tiers.local}
      </footer>
    </div>
  );
}
