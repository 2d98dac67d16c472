/** One plan as a card: what it would make of this queue, how many desks are awake, what it gives, its price, and what can be done. */
import type { Tier } from "../../net/tiers.ts";
import { DESKS } from "../facts.ts";
import { Button, Icon, Waiting } from "../parts.tsx";
import type { Verdict } from "./compare.ts";
import type { Offer } from "./offer.ts";
import { plansWords as said } from "./words.ts";
import "./card.css";

function Time({ verdict }: { readonly verdict: Verdict }) {
  return (
    <>
      <div class="plan-time">
        <span class={verdict.held ? "small honey" : "small"}>{verdict.above}</span>
        <b>
          {verdict.big}
          <small> {verdict.unit}</small>
        </b>
      </div>
      <div class="plan-race" aria-hidden="true">
        <i style={{ width: `max(10px, ${verdict.now}%)` }} hidden={verdict.now === 0} />
        {verdict.rest > 0 && <i class="held" style={{ width: `${verdict.rest}%` }} />}
      </div>
      <p class={`small plan-note ${verdict.note.look}`}>{verdict.note.text}</p>
    </>
  );
}

function Desks({ slots }: { readonly slots: number }) {
  return (
    <div>
      <div class="plan-desks" aria-hidden="true">
        {Array.from({ length: DESKS }, (_, index) => (
          <i key={index} class={index < slots ? "on" : ""} />
        ))}
      </div>
      <p class="small dim plan-awake">{said.desks(slots, DESKS)}</p>
    </div>
  );
}

function Price({ price, talk }: { readonly price: number | undefined; readonly talk: boolean }) {
  if (price === undefined) return <p class="plan-price">{<b>{talk ? said.talk : said.agreed}</b>}</p>;
  return (
    <p class="plan-price">
      <b>{said.price(price)}</b> {price > 0 && <span class="dim">{said.month}</span>}
    </p>
  );
}

interface DeedProps {
  readonly tier: Tier;
  readonly offer: Offer;
  readonly primary: boolean;
  readonly busy: boolean;
  readonly act: () => void;
}

function Deed({ tier, offer, primary, busy, act }: DeedProps) {
  const look = primary ? "big primary" : "big";
  if (offer.does === "nothing") return <span class="plan-nothing" />;
  if (offer.does === "write") {
    return (
      <a class={`btn ${look}`} href={offer.to}>
        {said.write}
      </a>
    );
  }
  if (offer.does === "current") {
    return (
      <Button look="big" disabled>
        {said.current}
      </Button>
    );
  }
  return (
    <Button look={look} disabled={busy} onClick={act}>
      {offer.does === "switch" ? said.switch(tier.title) : said.go(tier.title)}
    </Button>
  );
}

export interface CardProps extends DeedProps {
  readonly gives: readonly string[];
  /** How many would work at a time on it, here and now. */
  readonly slots: number;
  readonly verdict: Verdict | undefined;
}

export function PlanCard({ gives, slots, verdict, ...deed }: CardProps) {
  const { tier, offer } = deed;
  const mine = offer.does === "current";
  return (
    <li class={mine ? "plan-card mine" : "plan-card"} aria-current={mine ? "true" : undefined}>
      <div class="row between plan-name">
        <h2>{tier.title}</h2>
        {mine && <span class="chip teal">{said.yours}</span>}
      </div>
      {verdict === undefined ? <Waiting rows={2} height={34} /> : <Time verdict={verdict} />}
      <Desks slots={slots} />
      <ul class="plan-gives">
        {gives.map((line) => (
          <li key={line}>
            <Icon name="check" />
            <span>{line}</span>
          </li>
        ))}
      </ul>
      <Price price={tier.price} talk={offer.does === "write"} />
      <Deed {...deed} />
    </li>
  );
}
