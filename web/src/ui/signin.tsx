/** No session and no token: how to get the URL, and a field for who has it at hand. */
import { useState } from "preact/hooks";
import { useApp } from "./app.ts";
import { Button, Mark } from "./parts.tsx";
import { tokenIn } from "./token.ts";
import { words } from "./words.ts";

export function SignIn() {
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
    <main class="signin">
      <div class="panel signin-card">
        <div class="row">
          <Mark />
          <b>{words.product}</b>
        </div>
        <h1>{words.signin.title}</h1>
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
      </div>
    </main>
  );
}
