/** Adding tasks: three numbered parts and one button that says how many. */
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { useApp } from "../app.ts";
import { useFetched } from "../fetched.ts";
import { Button, Icon, KeyCap } from "../parts.tsx";
import { words } from "../words.ts";
import { basisWords, Estimates } from "./estimate.tsx";
import { Foot } from "./foot.tsx";
import { KindChoice, offersOf } from "./kind.tsx";
import { nameOf, type Order } from "./order.ts";
import { triedOf, useOrder, useSending } from "./sending.ts";
import { SourcePart } from "./source.tsx";
import type { Trouble } from "./trouble.ts";

interface PartProps {
  readonly number: number;
  readonly title: string;
  readonly aside?: ComponentChildren;
  readonly children: ComponentChildren;
}

function Part({ number, title, aside, children }: PartProps) {
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

/** What the server refused, beneath the part that it concerns. */
function Refusal({ at, trouble }: { readonly at: Trouble["at"]; readonly trouble: Trouble | undefined }) {
  if (trouble?.at !== at) return null;
  return (
    <p class="refusal small red row" role="alert">
      <Icon name="bang" />
      <span>{trouble.text}</span>
    </p>
  );
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

function Head() {
  const { view } = useApp();
  return (
    <header class="row between sheet-head">
      <h1 class="title">{words.submit.title}</h1>
      <span class="row">
        <KeyCap>Esc</KeyCap>
        <Button look="s icon quiet" glyph="cross" label={words.submit.close} onClick={() => view.open({ kind: "sidebar" })} />
      </span>
    </header>
  );
}

/** The kinds to choose from, and the one that is chosen: the first of them where the wish cannot be had here. */
function useKind() {
  const { api, draft } = useApp();
  const kinds = useFetched(() => api.kinds(), []).value;
  const offers = offersOf(kinds);
  const chosen = offers.find(({ kind }) => kind === draft.kind.value) ?? offers[0];
  const attempts = kinds?.find(({ name }) => name === chosen?.kind)?.attempts ?? 1;
  return { offers, chosen, attempts };
}

export function AddTasks() {
  const { api, draft, store } = useApp();
  const { offers, chosen, attempts } = useKind();
  const order = useOrder(chosen?.kind ?? draft.kind.value);
  const sending = useSending(order);
  const total = order.table?.rows.length ?? 0;
  const asked = total - triedOf(order, draft.trial.value);
  const answer = useFetched((signal) => (asked > 0 ? api.estimates(asked, signal) : Promise.resolve([])), [asked], true);
  const estimates = answer.value ?? [];
  const Form = chosen?.form;
  useEffect(() => void import("../mono.css"), []);
  return (
    <div class="add-tasks">
      <Head />
      <div class="scroll parts">
        <Part number={1} title={words.submit.part1} aside={<SourceSwitch />}>
          <SourcePart />
          <Refusal at="list" trouble={sending.trouble} />
        </Part>
        <Part number={2} title={words.submit.part2} aside={total > 0 && <NameField order={order} />}>
          <KindChoice offers={offers} chosen={order.kind} />
          {Form !== undefined && <Form key={order.kind} attempts={attempts} />}
          <Refusal at="form" trouble={sending.trouble} />
        </Part>
        {total > 0 && estimates.length > 0 && (
          <Part number={3} title={words.submit.part3} aside={<span class="dim small">{basisWords(estimates)}</span>}>
            <Estimates estimates={estimates} mine={store.office.value?.tier} />
          </Part>
        )}
      </div>
      <Foot order={order} estimates={estimates} sending={sending} />
    </div>
  );
}
