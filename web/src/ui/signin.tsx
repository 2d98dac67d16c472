/** No session and no token: how to get in here, by mail on a hosted server, by the printed URL on one's own. */
import { useState } from "preact/hooks";
import type { People } from "../net/people.ts";
import { Card, Enter, Letter } from "./account/signin.tsx";
import { useApp } from "./app.ts";
import { useFetched } from "./fetched.ts";
import { Button } from "./parts.tsx";
import { tokenIn } from "./token.ts";
import { words } from "./words.ts";

export function SignIn() {
  const { people } = useApp();
  return people === undefined ? <ByToken /> : <Asked people={people} />;
}

function Asked({ people }: { readonly people: People }) {
  const ways = useFetched(() => people.ways(), []);
  const [byToken, setByToken] = useState(false);
  const letter = people.letter.value;
  if (letter !== undefined) return <Letter people={people} letter={letter} />;
  if (ways.state === "waiting") return <Card />;
  if (byToken || ways.value?.hosted !== true) return <ByToken />;
  return <Enter people={people} ways={ways.value} byToken={() => setByToken(true)} />;
}

function ByToken() {
  const { enter } = useApp();
  const [pasted, setPasted] = useState("");
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string>();
  const token = tokenIn(pasted);
  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    if (token === undefined) return;
    setBusy(true);
    setTrouble(await enter(token));
    setBusy(false);
  }
  return (
    <Card title={words.signin.title}>
      <p class="dim">{words.signin.lead}</p>
      <div class="log mono">{words.signin.line(location.origin)}</div>
      <p class="dim small">{words.signin.again}</p>
      <form class="row" onSubmit={submit}>
        <label class="field grow">
          <input
            aria-label={words.signin.field}
            placeholder={words.signin.field}
            value={pasted}
            spellcheck={false}
            autocomplete="off"
            onInput={(event) => setPasted(event.currentTarget.value)}
          />
        </label>
        <Button look="primary" type="submit" disabled={token === undefined || busy}>
          {words.signin.enter}
        </Button>
      </form>
      {trouble !== undefined && (
        <p class="red small" role="alert">
          {trouble}
        </p>
      )}
    </Card>
  );
}
