/** The foot of adding tasks: what it costs in time and quota, and the one button that says how many. */
import type { Estimate } from "../../net/tiers.ts";
import { useApp } from "../app.ts";
import { Button } from "../parts.tsx";
import { words } from "../words.ts";
import { footing } from "./estimate.tsx";
import { faultOf, type Order } from "./order.ts";
import { type Sending, triedOf } from "./sending.ts";

const TRY = 3;

interface FootProps {
  readonly order: Order;
  readonly estimates: readonly Estimate[];
  readonly sending: Sending;
}

function Said({ order, estimates, sending, tried }: FootProps & { readonly tried: number }) {
  const { store, draft, view } = useApp();
  const total = order.table?.rows.length ?? 0;
  const busy = (store.queue.value?.waiting ?? 0) > 0;
  const foot = footing(total - tried, estimates, store.office.value?.tier, store.quota.value, busy);
  const wrong = sending.trouble?.at === "foot" ? sending.trouble.text : undefined;
  const trial = draft.trial.value;
  return (
    <div class="grow">
      <b>{total === 0 ? words.submit.noTasks : foot.first}</b>
      <div class={wrong === undefined ? "dim small" : "red small"} role={wrong === undefined ? undefined : "alert"}>
        {wrong ?? (total > 0 ? (faultOf(order) ?? foot.second) : "")}
      </div>
      {tried > 0 && trial !== undefined && (
        <div class="small dim">
          {words.submit.triedFirst(tried)}{" "}
          <button type="button" class="link small" onClick={() => view.open({ kind: "batch", id: trial.batch })}>
            {words.submit.seeTrial}
          </button>
        </div>
      )}
    </div>
  );
}

/** After a trial the first button sends the others, and all is still to be had; else the first few may be tried. */
function Second({
  order,
  sending,
  tried,
  disabled,
}: Omit<FootProps, "estimates"> & { readonly tried: number; readonly disabled: boolean }) {
  const total = order.table?.rows.length ?? 0;
  if (tried > 0) {
    return (
      <Button disabled={disabled} onClick={() => sending.send({})}>
        {words.submit.startAll(total)}
      </Button>
    );
  }
  if (total <= TRY) return null;
  return (
    <Button disabled={disabled} onClick={() => sending.send({ first: TRY })}>
      {words.submit.tryFirst}
    </Button>
  );
}

export function Foot({ order, estimates, sending }: FootProps) {
  const { draft, view } = useApp();
  const total = order.table?.rows.length ?? 0;
  const tried = triedOf(order, draft.trial.value);
  const fault = faultOf(order);
  const disabled = fault !== undefined || sending.sending;
  const label = tried > 0 ? words.submit.startRest(total - tried) : words.submit.start(total);
  function leave(): void {
    draft.clear();
    view.open({ kind: "sidebar" });
  }
  return (
    <footer class="row submit-foot">
      <Said order={order} estimates={estimates} sending={sending} tried={tried} />
      <Button look="quiet" onClick={leave}>
        {words.submit.cancel}
      </Button>
      <Second order={order} sending={sending} tried={tried} disabled={disabled} />
      <Button look="primary big" disabled={disabled} title={fault} onClick={() => sending.send(tried > 0 ? { after: tried } : {})}>
        {sending.sending ? words.submit.starting : label}
      </Button>
    </footer>
  );
}
