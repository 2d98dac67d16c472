/** The plans side by side, told in the time this office's own tasks would take; one press changes the plan, or leads to where it is paid. */

import { useEffect } from "preact/hooks";
import type { Tier } from "../../net/tiers.ts";
import { useApp } from "../app.ts";
import { useFetched } from "../fetched.ts";
import { Button, Icon, KeyCap, Waiting } from "../parts.tsx";
import { failureWords } from "../trouble.ts";
import { words } from "../words.ts";
import { PlanCard } from "./card.tsx";
import { type Choosing, useChoosing } from "./choosing.ts";
import { verdictOf, worthOf } from "./compare.ts";
import { type Forecast, useForecast } from "./forecast.ts";
import { type Buyer, buyerOf, gives, inTrouble, offerOf } from "./offer.ts";
import { Settle } from "./settle.tsx";
import { plansWords as said } from "./words.ts";
import "./plans.css";

/** On a narrow page the way back; the question that all cards answer; how it was counted. */
function Head({ forecast }: { readonly forecast: Forecast }) {
  const { view } = useApp();
  const [first, second] = forecast.mine ? said.when(forecast.total) : said.would(forecast.total);
  return (
    <header class="plans-head">
      <div class="row between">
        <h1>
          {first} <br />
          {second}
        </h1>
        <span class="row plans-close">
          <KeyCap>Esc</KeyCap>
          <Button look="s icon quiet" glyph="cross" label={words.submit.close} onClick={() => view.open({ kind: "sidebar" })} />
        </span>
      </div>
      <p class="dim plans-lead">
        {forecast.basis} {said.more}
      </p>
    </header>
  );
}

interface CardsProps {
  readonly tiers: readonly Tier[];
  readonly forecast: Forecast;
  readonly buyer: Buyer;
  readonly choosing: Choosing;
}

function Cards({ tiers, forecast, buyer, choosing }: CardsProps) {
  const { store } = useApp();
  const slots = store.office.value?.slots;
  const all = forecast.estimates;
  const worth = worthOf(all, buyer.mine)?.tier;
  return (
    <ul class="plan-cards" style={{ "--plans": Math.min(tiers.length, 4) }}>
      {tiers.map((tier, at) => {
        const told = all.find((each) => each.tier === tier.name);
        const offer = offerOf(tier, buyer);
        return (
          <PlanCard
            key={tier.name}
            tier={tier}
            offer={offer}
            gives={gives(tier, tiers[at - 1])}
            slots={told?.workers ?? (tier.name === buyer.mine ? slots : undefined) ?? tier.slots}
            verdict={told === undefined ? undefined : verdictOf(told, all, buyer.mine)}
            primary={tier.name === worth}
            busy={choosing.busy}
            act={() => choosing.choose(tier, offer, tiers)}
          />
        );
      })}
    </ul>
  );
}

/** Why there are fewer buttons than plans. */
function whyFewer(tiers: readonly Tier[], buyer: Buyer): string {
  if (buyer.local) return said.local;
  if (!buyer.owner) return said.ownersOnly;
  if (inTrouble(buyer.billing)) return said.unpaid;
  return tiers.some((tier) => !["current", "nothing"].includes(offerOf(tier, buyer).does)) ? "" : said.asked;
}

/** What holds for all plans, and why some have no button. */
function Foot({ tiers, buyer }: { readonly tiers: readonly Tier[]; readonly buyer: Buyer }) {
  const { view, account } = useApp();
  const fewer = account.value === undefined ? "" : whyFewer(tiers, buyer);
  const keyed = tiers.find((tier) => tier.name === buyer.mine)?.features.includes("keys") === true;
  return (
    <footer class="plans-foot dim">
      {said.facts.map((fact) => (
        <span key={fact} class="row">
          <Icon name="check" />
          {fact}
        </span>
      ))}
      {fewer !== "" && <span>{fewer}</span>}
      {keyed && (
        <button type="button" class="link" onClick={() => view.open({ kind: "account" })}>
          {said.keyHint}
        </button>
      )}
    </footer>
  );
}

export function PlansPage() {
  const { api, store, account, refreshAccount } = useApp();
  const tiers = useFetched(() => api.tiers(), []);
  const forecast = useForecast();
  const choosing = useChoosing();
  useEffect(() => void refreshAccount(), [refreshAccount]);
  const buyer = buyerOf(account.value, store.office.value?.tier ?? account.value?.tier ?? "", store.role.value);
  return (
    <div class="plans">
      <Head forecast={forecast} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard */}
      <div class="scroll plans-body" tabIndex={0}>
        <Settle choosing={choosing} />
        {choosing.trouble !== undefined && (
          <p class="red plans-trouble" role="alert">
            {choosing.trouble}
          </p>
        )}
        {tiers.state === "waiting" && <Waiting rows={4} height={60} />}
        {tiers.state === "failed" && <p class="red">{failureWords(tiers.error)}</p>}
        <Cards tiers={tiers.value ?? []} forecast={forecast} buyer={buyer} choosing={choosing} />
        {tiers.value !== undefined && <Foot tiers={tiers.value} buyer={buyer} />}
      </div>
    </div>
  );
}
