/** API tokens: made, told once, revoked. */
import { useState } from "preact/hooks";
import { type People, SCOPES, type Scope, type Token } from "../../net/people.ts";
import { useFetched } from "../fetched.ts";
import { moment } from "../numbers.ts";
import { Button, Confirm, Waiting } from "../parts.tsx";
import { CopyField } from "../share/copy.tsx";
import { Trouble, useDeed } from "./deed.tsx";
import { peopleWords } from "./words.ts";

const said = peopleWords.account;

interface RowProps {
  readonly token: Token;
  readonly now: number;
  readonly busy: boolean;
  readonly revoke: () => void;
}

function Row({ token, now, busy, revoke }: RowProps) {
  const used = token.used === undefined ? said.never : said.used(moment(token.used, now));
  return (
    <li class="row between account-row">
      <div class="grow">
        <span class="clip">{token.label ?? token.id}</span>
        <div class="dim small clip">{[token.scopes.join(", "), used, token.email].filter((part) => part !== undefined).join(" · ")}</div>
      </div>
      {token.scopes.includes("house") ? (
        // The machine's own, by which this page and the command line come in: without it nobody would, until a restart.
        <span class="dim small">{said.machines}</span>
      ) : (
        <Confirm look="s" glyph="cross" sure={said.revokeSure} disabled={busy} onSure={revoke}>
          {said.revoke}
        </Confirm>
      )}
    </li>
  );
}

interface FormProps {
  readonly scopes: readonly string[];
  readonly busy: boolean;
  readonly make: (label: string, scopes: readonly Scope[]) => void;
}

function Form({ scopes, busy, make }: FormProps) {
  const mine = SCOPES.filter((scope) => scopes.includes(scope));
  const [label, setLabel] = useState("");
  const [chosen, choose] = useState<readonly Scope[]>(mine.filter((scope) => scope === "read" || scope === "submit"));
  const flip = (scope: Scope) => choose(chosen.includes(scope) ? chosen.filter((each) => each !== scope) : [...chosen, scope]);
  function submit(event: Event): void {
    event.preventDefault();
    make(label.trim(), chosen);
    setLabel("");
  }
  return (
    <form class="account-form" onSubmit={submit}>
      <div class="row">
        <label class="field grow">
          <input
            aria-label={said.tokenLabel}
            placeholder={said.tokenLabel}
            value={label}
            onInput={(event) => setLabel(event.currentTarget.value)}
          />
        </label>
        <Button type="submit" disabled={busy || label.trim() === "" || chosen.length === 0}>
          {said.makeToken}
        </Button>
      </div>
      <div class="row small">
        {mine.map((scope) => (
          <label key={scope} class="row">
            <input type="checkbox" checked={chosen.includes(scope)} onChange={() => flip(scope)} />
            {scope}
          </label>
        ))}
      </div>
    </form>
  );
}

export function Tokens({ people, scopes, now }: { readonly people: People; readonly scopes: readonly string[]; readonly now: number }) {
  const [changes, setChanges] = useState(0);
  const [made, setMade] = useState<string>();
  const answer = useFetched(() => people.tokens(), [changes], true);
  const deed = useDeed(() => setChanges(changes + 1));
  return (
    <section>
      <h2 class="label">{said.tokens}</h2>
      {answer.state === "waiting" && <Waiting rows={2} />}
      {answer.value?.length === 0 && <p class="dim small">{said.noTokens}</p>}
      <ul class="plain">
        {(answer.value ?? []).map((token) => (
          <Row key={token.id} token={token} now={now} busy={deed.busy} revoke={() => deed.run(() => people.revoke(token.id))} />
        ))}
      </ul>
      {made !== undefined && (
        <div class="account-made" role="status">
          <p class="honey small">{said.once}</p>
          <CopyField text={made} label={said.tokens} />
        </div>
      )}
      <Form scopes={scopes} busy={deed.busy} make={(label, wished) => deed.run(() => people.makeToken(label, wished).then(setMade))} />
      <Trouble trouble={deed.trouble} />
    </section>
  );
}
