/** Own keys: put in once, never shown again, deleted with a question in place. */
import { useState } from "preact/hooks";
import type { KeyWish, OwnKey } from "../net/ownkeys.ts";
import { useApp } from "./app.ts";
import { useFetched } from "./fetched.ts";
import { KNOWN, OTHER, ownKeysWords as said } from "./ownkeyswords.ts";
import { Button, Confirm, Waiting } from "./parts.tsx";
import { failureWords } from "./trouble.ts";
import "./ownkeys.css";

/** Carries one change out at a time, and says what became of it. */
function useChange(done: () => void) {
  const { refreshAccount } = useApp();
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string>();
  async function change(act: () => Promise<void>): Promise<boolean> {
    setBusy(true);
    setTrouble(undefined);
    try {
      await act();
      done();
      await refreshAccount(); // other keys, other slots
      return true;
    } catch (error: unknown) {
      setTrouble(failureWords(error));
      return false;
    } finally {
      setBusy(false);
    }
  }
  return { busy, trouble, change };
}

function Row({ each, busy, drop }: { readonly each: OwnKey; readonly busy: boolean; readonly drop: () => void }) {
  return (
    <li class="row between">
      <span class="grow">
        <b>{each.provider}</b> <span class="mono dim">{said.last(each.last)}</span>
        <span class={each.state === "ok" ? "dim small ownkey-state" : "red small ownkey-state"}>{said.standing(each)}</span>
      </span>
      <Confirm look="s" glyph="cross" sure={said.sure(each.provider)} disabled={busy} onSure={drop}>
        {said.delete}
      </Confirm>
    </li>
  );
}

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly take: (value: string) => void;
  readonly secret?: boolean;
}

function Field({ label, value, take, secret = false }: FieldProps) {
  const id = `own-key-${label}`;
  const rest = {
    id,
    name: label,
    value,
    autocomplete: "off",
    spellcheck: false,
    onInput: (event: { readonly currentTarget: HTMLInputElement }) => take(event.currentTarget.value),
  } as const;
  return (
    <div class="grow">
      <label class="label" for={id}>
        {label}
      </label>
      <span class="field">{secret ? <input type="password" {...rest} /> : <input {...rest} />}</span>
    </div>
  );
}

interface FormProps {
  readonly busy: boolean;
  readonly save: (wish: KeyWish) => void;
  readonly leave: () => void;
}

function Form({ busy, save, leave }: FormProps) {
  const [provider, setProvider] = useState<string>(KNOWN[0]);
  const [name, setName] = useState("");
  const [base, setBase] = useState("");
  const [key, setKey] = useState("");
  const other = provider === OTHER;
  const whole = key.trim() !== "" && (!other || (name.trim() !== "" && base.trim() !== ""));
  function send(event: Event): void {
    event.preventDefault();
    if (whole && !busy) save(other ? { provider: name.trim(), key: key.trim(), base: base.trim() } : { provider, key: key.trim() });
  }
  return (
    <form class="ownkey-form" onSubmit={send}>
      <label class="grow">
        <span class="label">{said.provider}</span>
        <span class="field">
          <select name={said.provider} value={provider} onChange={(event) => setProvider(event.currentTarget.value)}>
            {KNOWN.map((each) => (
              <option key={each} value={each}>
                {each}
              </option>
            ))}
            <option value={OTHER}>{said.other}</option>
          </select>
        </span>
      </label>
      {other && <Field label={said.name} value={name} take={setName} />}
      {other && <Field label={said.address} value={base} take={setBase} />}
      <Field label={said.key} value={key} take={setKey} secret />
      <p class="dim small">{said.once}</p>
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

export function OwnKeys() {
  const { api } = useApp();
  const [turn, setTurn] = useState(0);
  const [adding, setAdding] = useState(false);
  const found = useFetched((signal) => api.ownKeys(signal), [turn], true);
  const { busy, trouble, change } = useChange(() => setTurn((before) => before + 1));
  const save = (wish: KeyWish) => void change(() => api.putKey(wish)).then((well) => well && setAdding(false));
  return (
    <section class="ownkeys" aria-label={said.title}>
      <h2>{said.title}</h2>
      <p class="dim">{said.lead}</p>
      {found.state === "waiting" && <Waiting rows={1} height={36} />}
      {found.state === "failed" && <p class="red small">{failureWords(found.error)}</p>}
      {found.value?.length === 0 && !adding && <p class="dim nothing">{said.none}</p>}
      <ul>
        {(found.value ?? []).map((each) => (
          <Row key={each.provider} each={each} busy={busy} drop={() => void change(() => api.deleteKey(each.provider))} />
        ))}
      </ul>
      {adding ? (
        <Form busy={busy} save={save} leave={() => setAdding(false)} />
      ) : (
        <Button glyph="plus" disabled={busy} onClick={() => setAdding(true)}>
          {said.add}
        </Button>
      )}
      {trouble !== undefined && (
        <p class="red small" role="alert">
          {trouble}
        </p>
      )}
    </section>
  );
}
