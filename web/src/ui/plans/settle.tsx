/** What is amiss with the plan or was just bought, above the cards, with the one thing that can be done about it. */
import { useApp } from "../app.ts";
import { Button } from "../parts.tsx";
import type { Choosing } from "./choosing.ts";
import { purchaseLine, troubleLine } from "./line.ts";
import { inTrouble } from "./offer.ts";
import { plansWords as said } from "./words.ts";

export function Settle({ choosing }: { readonly choosing: Choosing }) {
  const { account, purchase, store, view, now } = useApp();
  const amiss = troubleLine(account.value, now());
  const line = amiss ?? purchaseLine(purchase?.stage.value ?? "none", store.office.value?.tier ?? "");
  const unsettled = inTrouble(account.value?.billing) && store.role.value === "owner" && account.value?.deletes === undefined;
  return (
    <div class="plans-settle" role="status">
      {line !== undefined && (
        <div class={`row between plans-line ${line.look}`}>
          <span class="grow">{line.text}</span>
          {unsettled && (
            <Button look="primary" disabled={choosing.busy} onClick={choosing.settle}>
              {said.settle}
            </Button>
          )}
          {amiss === undefined && <Button look="s icon quiet" glyph="cross" label={said.hide} onClick={() => purchase?.dismiss()} />}
          {account.value?.deletes !== undefined && (
            <button type="button" class="link" onClick={() => view.open({ kind: "account" })}>
              {said.line.account}
            </button>
          )}
        </div>
      )}
    </div>
  );
}
