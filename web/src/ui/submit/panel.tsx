/** Adding tasks: three numbered parts and one button that says how many. */
import type { ComponentChildren } from "preact";
import { useMemo, useState } from "preact/hooks";
import { freshKey } from "../../net/http.ts";
import { useApp } from "../app.ts";
import { useFetched } from "../fetched.ts";
import { Button, KeyCap } from "../parts.tsx";
import { failureWords } from "../trouble.ts";
import { words } from "../words.ts";
import { basisWords, Estimates, footing } from "./estimate.tsx";
import { CommandForm, DemoForm, KINDS, KindChoice } from "./kind.tsx";
import { faultOf, nameOf, type Order, submissionOf } from "./order.ts";
import { SourcePart } from "./source.tsx";

const TRY = 3;

function Part({
  number,
  title,
  aside,
  children,
}: {
  number: number;
  title: string;
  aside?: ComponentChildren;
  children: ComponentChildren;
}) {
  return (
    <section class="part">
      <div class="row part-head">
        <span class="number" aria-hidden="true">
          {number}
        </span>
        <h2>{title}</h2>
        <span class="grow" />
        {aside}
      </div>
      {children}
    </section>
  );
}

function useOrder(): Order {
  const { draft } = useApp();
  const source = draft.source.value;
  return {
    table: draft.table.value,
    text: source?.text ?? "",
    file: source?.name,
    name: draft.name.value,
    title: draft.title.value,
    kind: draft.kind.value,
    command: draft.command.value,
    seconds: draft.seconds.value,
    fails: draft.fails.value,
  };
}

/** One key for each order: sent twice, because no answer came the first time, it is taken once. */
function useKey(order: Order): string {
  const { table, name, title, kind, command, seconds, fails } = order;
  return useMemo(freshKey, [table, name, title, kind, command, seconds, fails]);
}

function useSending(order: Order) {
  const { api, draft, view } = useApp();
  const key = useKey(order);
  const [sending, setSending] = useState(false);
  const [trouble, setTrouble] = useState<string>();
  function send(tryFirst?: number): void {
    setSending(true);
    setTrouble(undefined);
    api.submit(submissionOf(order, tryFirst), `${key}-${tryFirst ?? "all"}`).then(
      (id) => {
        draft.clear();
        view.open({ kind: "sidebar" });
        if (tryFirst !== undefined) view.open({ kind: "batch", id });
      },
      (error: unknown) => {
        setSending(false);
        setTrouble(failureWords(error));
      },
    );
  }
  return { send, sending, trouble };
}

function SourceSwitch() {
  const { draft } = useApp();
  const pasting = draft.step.value.at === "pasting";
  if (draft.step.value.at === "empty") return null;
  return (
    <button type="button" class="link small" onClick={pasting ? draft.clear : draft.paste}>
      {pasting ? words.submit.orFile : words.submit.orPaste}
    </button>
  );
}

function NameField({ order }: { readonly order: Order }) {
  const { draft } = useApp();
  return (
    <label class="row small name-field">
      <span class="dim nowrap">{words.submit.name}</span>
      <span class="field">
        <input
          value={draft.name.value ?? ""}
          placeholder={nameOf({ ...order, name: undefined })}
          maxLength={120}
          onInput={(event) => {
            draft.name.value = event.currentTarget.value;
          }}
        />
      </span>
    </label>
  );
}

export function AddTasks() {
  const { api, draft, store, view } = useApp();
  const order = useOrder();
  const { send, sending, trouble } = useSending(order);
  const total = order.table?.rows.length ?? 0;
  const offered = useFetched(() => api.kinds(), []).value ?? KINDS.map(([kind]) => kind);
  const estimates = useFetched((signal) => (total > 0 ? api.estimates(total, signal) : Promise.resolve([])), [total], true).value ?? [];
  const fault = faultOf(order);
  const mine = store.office.value?.tier;
  const foot = footing(total, estimates, mine, store.quota.value, (store.queue.value?.waiting ?? 0) > 0);
  const close = () => view.open({ kind: "sidebar" });
  return (
    <div class="add-tasks">
      <header class="row between sheet-head">
        <h1 class="title">{words.submit.title}</h1>
        <span class="row">
          <KeyCap>Esc</KeyCap>
          <Button look="s icon quiet" glyph="cross" label={words.submit.close} onClick={close} />
        </span>
      </header>
      <div class="scroll parts">
        <Part number={1} title={words.submit.part1} aside={<SourceSwitch />}>
          <SourcePart />
        </Part>
        <Part number={2} title={words.submit.part2} aside={total > 0 && <NameField order={order} />}>
          <KindChoice offered={offered} />
          {order.kind === "demo" ? <DemoForm /> : <CommandForm />}
        </Part>
        {total > 0 && estimates.length > 0 && (
          <Part number={3} title={words.submit.part3} aside={<span class="dim small">{basisWords(estimates)}</span>}>
            <Estimates estimates={estimates} mine={mine} />
          </Part>
        )}
      </div>
      <footer class="row submit-foot">
        <div class="grow">
          <b>{total === 0 ? words.submit.noTasks : foot.first}</b>
          <div class={trouble === undefined ? "dim small" : "red small"}>{trouble ?? (total > 0 ? (fault ?? foot.second) : "")}</div>
        </div>
        <Button
          look="quiet"
          onClick={() => {
            draft.clear();
            close();
          }}
        >
          {words.submit.cancel}
        </Button>
        {total > TRY && (
          <Button disabled={fault !== undefined || sending} onClick={() => send(TRY)}>
            {words.submit.tryFirst}
          </Button>
        )}
        <Button look="primary big" disabled={fault !== undefined || sending} title={fault} onClick={() => send()}>
          {sending ? words.submit.starting : words.submit.start(total)}
        </Button>
      </footer>
    </div>
  );
}
