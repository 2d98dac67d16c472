/** Webhooks: where ended batches are told. Owners add addresses, see a secret once, try them, and read what became of it. */
import { useState } from "preact/hooks";
import type { Webhooks as Requests } from "../../net/webhooks.ts";
import { useApp } from "../app.ts";
import { useFetched } from "../fetched.ts";
import { Button, Waiting } from "../parts.tsx";
import { CopyField } from "../share/copy.tsx";
import { failureWords } from "../trouble.ts";
import { Trouble, useDeed } from "./deed.tsx";
import { Row } from "./webhook.tsx";
import { webhookWords as said } from "./webhookwords.ts";
import "./webhooks.css";

const REFRESH_S = 3;

interface FormProps {
  readonly busy: boolean;
  readonly save: (url: string, label: string) => void;
  readonly leave: () => void;
}

function Form({ busy, save, leave }: FormProps) {
  const [url, setUrl] = useState("");
  const [label, setLabel] = useState("");
  const whole = /^https?:\/\/./.test(url.trim());
  function send(event: Event): void {
    event.preventDefault();
    if (whole && !busy) save(url.trim(), label.trim());
  }
  return (
    <form class="account-form" onSubmit={send}>
      <label>
        <span class="label">{said.url}</span>
        <span class="field">
          <input
            type="url"
            name="url"
            autocomplete="off"
            spellcheck={false}
            placeholder={said.urlHint}
            value={url}
            onInput={(event) => setUrl(event.currentTarget.value)}
          />
        </span>
      </label>
      <label>
        <span class="label">{said.label}</span>
        <span class="field">
          <input name="label" autocomplete="off" value={label} onInput={(event) => setLabel(event.currentTarget.value)} />
        </span>
      </label>
      <div class="row">
        <Button look="primary" type="submit" disabled={busy || !whole}>
          {busy ? said.saving : said.save}
        </Button>
        <Button look="quiet" onClick={leave}>
          {said.back}
        </Button>
      </div>
    </form>
  );
}

/** A secret, this once; it stays until it is put away. */
function Secret({ secret, away }: { readonly secret: string; readonly away: () => void }) {
  return (
    <div class="account-made" role="status">
      <p class="honey small">{said.once}</p>
      <CopyField text={secret} label={said.secret} />
      <Button look="s quiet" onClick={away}>
        {said.done}
      </Button>
    </div>
  );
}

/** Where the plan has none: said once, quietly, with the way to those that do. */
function Without({ some }: { readonly some: boolean }) {
  const { view } = useApp();
  return (
    <p class={some ? "small honey" : "small dim"}>
      {some ? said.quiet : said.other}{" "}
      <button type="button" class="link" onClick={() => view.open({ kind: "plans" })}>
        {said.compare}
      </button>
    </p>
  );
}

function Known({ webhooks }: { readonly webhooks: Requests }) {
  const { view } = useApp();
  const [turn, setTurn] = useState(0);
  const [adding, setAdding] = useState(false);
  const [secret, setSecret] = useState<string>();
  const beat = Math.floor(view.second.value / REFRESH_S);
  const found = useFetched((signal) => webhooks.known(signal), [turn, beat], true);
  const changed = () => setTurn((before) => before + 1);
  const deed = useDeed(changed);
  const { items, sending } = found.value ?? { items: [], sending: true };
  const save = (url: string, label: string) =>
    deed.run(async () => {
      setSecret(await webhooks.add(url, label));
      setAdding(false);
    });
  if (found.state === "waiting") return <Waiting rows={2} />;
  if (found.value === undefined) return <p class="red small">{failureWords(found.error)}</p>;
  return (
    <>
      {!sending && <Without some={items.length > 0} />}
      {sending && items.length === 0 && !adding && <p class="dim small">{said.none}</p>}
      <ul class="plain">
        {items.map((hook) => (
          <Row key={hook.id} hook={hook} webhooks={webhooks} sending={sending} beat={beat} changed={changed} told={setSecret} />
        ))}
      </ul>
      {secret !== undefined && <Secret secret={secret} away={() => setSecret(undefined)} />}
      {sending && adding && <Form busy={deed.busy} save={save} leave={() => setAdding(false)} />}
      {sending && !adding && (
        <Button glyph="plus" disabled={deed.busy} onClick={() => setAdding(true)}>
          {said.add}
        </Button>
      )}
      <Trouble trouble={deed.trouble} />
    </>
  );
}

export function Webhooks() {
  const { api } = useApp();
  const room = useFetched(() => api.webhooks(), []);
  return (
    <section class="webhooks" aria-label={said.title}>
      <h2 class="label">{said.title}</h2>
      <p class="dim small">{said.lead}</p>
      {room.state === "waiting" && <Waiting rows={2} />}
      {room.state === "failed" && <p class="red small">{failureWords(room.error)}</p>}
      {room.value !== undefined && <Known webhooks={room.value} />}
    </section>
  );
}
