/** A guest's batches: beside the office where there is room, beneath it on a phone. */
import { useApp } from "../app.ts";
import { Batches } from "../batches.tsx";
import { Headline } from "../headline.tsx";
import { Button } from "../parts.tsx";
import { Stairs } from "../plan.tsx";
import { Desks, KeysLink } from "../sidebar.tsx";
import { SpeedAndQuota } from "../speed.tsx";
import { words } from "../words.ts";
import { ViewOnly } from "./bar.tsx";

function BatchesAndSpeed() {
  return (
    <>
      <section class="batches">
        <Batches />
      </section>
      <section class="speed">
        <SpeedAndQuota />
      </section>
    </>
  );
}

export function GuestBatches() {
  const { view } = useApp();
  return (
    <div class="side">
      {view.arrangement.value.width !== "narrow" && (
        <header class="row walk">
          <Button look="s quiet" glyph="back" onClick={() => view.open({ kind: "sidebar" })}>
            {words.desk.back}
          </Button>
        </header>
      )}
      <BatchesAndSpeed />
    </div>
  );
}

/** A phone's sheet, and where there is no room beside it with the desks; what the bar has no room for stands at its end. */
export function GuestSheet({ desks }: { readonly desks: boolean }) {
  return (
    <div class="side phone">
      <section class="headline">
        <Headline />
        {!desks && <Stairs flat />}
      </section>
      {desks && (
        <section class="desks">
          <Desks />
        </section>
      )}
      <BatchesAndSpeed />
      <section class="tier small">
        <ViewOnly />
        <KeysLink />
      </section>
    </div>
  );
}
