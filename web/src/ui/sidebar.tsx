/** The office in numbers, always in this order: waiting and until when · desks and upstairs · batches · speed and quota · plan. */
import { useApp } from "./app.ts";
import { Batches } from "./batches.tsx";
import { Headline } from "./headline.tsx";
import { FloorPlan, Stairs } from "./plan.tsx";
import { SpeedAndQuota } from "./speed.tsx";
import { TierLine } from "./tierline.tsx";
import { words } from "./words.ts";

/** How many run, and the ten desks as cells. */
export function Desks() {
  const { store } = useApp();
  const office = store.office.value;
  return (
    <>
      <div class="row between head">
        <h2>{office === undefined ? words.plan.label : words.side.running(office.running)}</h2>
        <span class="dim small">{office !== undefined && words.side.capacity(office.running, office.slots)}</span>
      </div>
      <div class="row floor">
        <FloorPlan />
        <Stairs />
      </div>
    </>
  );
}

/** The way to what has no place of its own: keys, sounds, notices. On a phone there is no other. */
export function KeysLink() {
  const { view } = useApp();
  return (
    <button type="button" id="keys-link" class="link small keys-link" title="?" onClick={() => view.open({ kind: "keys" })}>
      {words.keys.link}
    </button>
  );
}

/** What every arrangement ends with: the batches, the quiet figures, the plan. */
function BatchesAndBelow() {
  return (
    <>
      <section class="batches">
        <Batches />
      </section>
      <section class="speed">
        <SpeedAndQuota />
      </section>
      <section class="tier">
        <TierLine />
        <KeysLink />
      </section>
    </>
  );
}

export function Sidebar() {
  return (
    <div class="side">
      <section class="headline">
        <Headline />
      </section>
      <section class="desks">
        <Desks />
      </section>
      <BatchesAndBelow />
    </div>
  );
}

/** A phone's batches, with the quiet figures and the plan beneath them. */
export function BatchesSheet() {
  return (
    <div class="side">
      <BatchesAndBelow />
    </div>
  );
}

/** The same on a phone, over the tabs: what waits and the batches; the desks are in the room above it. */
export function PhoneSheet() {
  return (
    <div class="side phone">
      <section class="headline">
        <Headline />
        <Stairs flat />
      </section>
      <BatchesAndBelow />
    </div>
  );
}
