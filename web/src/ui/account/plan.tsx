/** The plan of the account: what is paid for and until when, and what of the month is used. */
import type { Account, Billing, QuotaFacts } from "../../net/account.ts";
import { useApp } from "../app.ts";
import { atATime, day, utcDayLong } from "../numbers.ts";
import { Button } from "../parts.tsx";
import { useChoosing } from "../plans/choosing.ts";
import { pastDue } from "../plans/line.ts";
import { inTrouble } from "../plans/offer.ts";
import { plansWords } from "../plans/words.ts";
import { tierTitle } from "../words.ts";
import { Trouble } from "./deed.tsx";
import { planWords as said } from "./planwords.ts";

interface Standing {
  readonly text: string;
  readonly look: "dim" | "honey" | "red";
}

/** Where the payments stand, in a sentence. */
export function standingOf(billing: Billing, tier: string): Standing {
  const title = tierTitle(billing.tier ?? tier);
  switch (billing.state) {
    case "none":
      return { text: said.free, look: "dim" };
    case "active":
      return { text: billing.renews === undefined ? said.paid : said.renews(day(billing.renews)), look: "dim" };
    case "ending":
      return { text: billing.ends === undefined ? said.endsSoon(title) : said.ends(title, day(billing.ends)), look: "honey" };
    case "past_due":
      return { text: pastDue(billing.tier ?? tier, billing.grace), look: "honey" };
    case "unpaid":
      return { text: plansWords.line.unpaid, look: "red" };
  }
}

export function portalWords(billing: Billing): string {
  if (inTrouble(billing)) return said.settle;
  return billing.state === "ending" ? said.keepPlan : said.portal;
}

/** @param owner who may change what is paid for */
export function Plan({ account, owner }: { readonly account: Account; readonly owner: boolean }) {
  const { store, view } = useApp();
  const { busy, trouble, settle } = useChoosing();
  const { billing } = account;
  const tier = store.office.value?.tier ?? account.tier;
  const slots = store.office.value?.slots ?? account.slots;
  const standing = billing && standingOf(billing, tier);
  return (
    <section>
      <h2 class="label">{said.plan}</h2>
      <div class="row between account-row account-plan">
        <div class="grow">
          <b>{slots === undefined ? tierTitle(tier) : `${tierTitle(tier)}, ${atATime(slots)}`}</b>
          {standing !== undefined && <p class={`small ${standing.look}`}>{standing.text}</p>}
        </div>
        <Button look="s" onClick={() => view.open({ kind: "plans" })}>
          {said.compare}
        </Button>
        {owner && billing !== undefined && billing.state !== "none" && (
          <Button look={inTrouble(billing) ? "s primary" : "s"} disabled={busy} onClick={settle}>
            {portalWords(billing)}
          </Button>
        )}
      </div>
      <Trouble trouble={trouble} />
    </section>
  );
}

/** How much of the month's tasks are used. The live state says it as it changes; the account says whether it holds anything back. */
export function Month({ quota: told }: { readonly quota: QuotaFacts }) {
  const { store } = useApp();
  const live = store.quota.value;
  const { used, limit, resets } = live ?? told;
  const share = limit === 0 ? 100 : Math.min((used / limit) * 100, 100);
  const until = utcDayLong(resets);
  const holds = told.enforced && !told.soft;
  return (
    <section>
      <div class="row between">
        <h2 class="label">{said.month}</h2>
        <b>{said.used(used, limit)}</b>
      </div>
      <div class="meter tall account-meter" aria-hidden="true">
        <i style={{ width: `${share}%` }} />
      </div>
      <p class={holds && used >= limit ? "small honey" : "small dim"}>
        {holds && used >= limit ? said.over(until) : said.anew(until)} {!holds && said.soft}
      </p>
    </section>
  );
}
