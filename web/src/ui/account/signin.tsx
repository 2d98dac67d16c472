/** Signing in to a hosted server: by a link that comes by mail, and by a press on the page that it opens. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Problem } from "../../net/http.ts";
import type { People, Ways } from "../../net/people.ts";
import { Button, Mark } from "../parts.tsx";
import { failureWords } from "../trouble.ts";
import { words } from "../words.ts";
import { peopleWords } from "./words.ts";

const said = peopleWords.signin;

export function Card({ title, children }: { readonly title?: string; readonly children?: ComponentChildren }) {
  return (
    <main class="signin">
      <div class="panel signin-card">
        <div class="row">
          <Mark />
          <b>{words.product}</b>
        </div>
        {title !== undefined && <h1>{title}</h1>}
        {children}
      </div>
    </main>
  );
}

function Alert({ trouble }: { readonly trouble: string | undefined }) {
  return trouble === undefined ? null : (
    <p class="red small" role="alert">
      {trouble}
    </p>
  );
}

/** The link is used by a press, so that no mail scanner uses it up, and nobody is signed in to a stranger's account unasked. */
export function Letter({ people, letter }: { readonly people: People; readonly letter: string }) {
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string>();
  function enter(): void {
    setBusy(true);
    people
      .enter(letter)
      .then(() => {
        people.letter.value = undefined;
      })
      .catch((error: unknown) => setTrouble(error instanceof Problem && error.status === 401 ? said.spent : failureWords(error)))
      .finally(() => setBusy(false));
  }
  return (
    <Card title={said.letter}>
      <p class="dim">{said.letterLead}</p>
      <div class="row">
        <Button look="primary" disabled={busy} onClick={enter}>
          {said.enter}
        </Button>
        {trouble !== undefined && (
          <Button
            onClick={() => {
              people.letter.value = undefined;
            }}
          >
            {said.again}
          </Button>
        )}
      </div>
      <Alert trouble={trouble} />
    </Card>
  );
}

function Sent({ email, other }: { readonly email: string; readonly other: () => void }) {
  return (
    <Card title={said.sent}>
      <p class="dim" role="status">
        {said.sentLead(email)}
      </p>
      <Button onClick={other}>{said.other}</Button>
    </Card>
  );
}

interface EnterProps {
  readonly people: People;
  readonly ways: Ways;
  /** Shows the field for a token instead. */
  readonly byToken: () => void;
}

/** Away to a provider, and back with a session or with a reason. */
function ByProvider({ people, name, mail }: { readonly people: People; readonly name: string; readonly mail: boolean }) {
  return (
    <>
      <a class="btn primary big" href={people.openidUrl}>
        {said.openid(name)}
      </a>
      {mail && <p class="dim">{said.orMail}</p>}
    </>
  );
}

function MailForm({ people, first, sent }: { readonly people: People; readonly first: boolean; readonly sent: (email: string) => void }) {
  const [email, setEmail] = useState("");
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string>();
  function submit(event: Event): void {
    event.preventDefault();
    setBusy(true);
    setTrouble(undefined);
    people
      .ask(email.trim())
      .then(() => sent(email.trim()))
      .catch((error: unknown) => setTrouble(error instanceof Problem ? error.message : failureWords(error)))
      .finally(() => setBusy(false));
  }
  return (
    <>
      <form class="row" onSubmit={submit}>
        <label class="field grow">
          <input
            type="email"
            aria-label={said.field}
            placeholder={said.field}
            value={email}
            autocomplete="email"
            onInput={(event) => setEmail(event.currentTarget.value)}
          />
        </label>
        <Button look={first ? "primary" : ""} type="submit" disabled={busy || !email.includes("@")}>
          {said.send}
        </Button>
      </form>
      <Alert trouble={trouble} />
    </>
  );
}

/** By a provider where there is one, by mail where the server sends any; a token is good everywhere. */
export function Enter({ people, ways, byToken }: EnterProps) {
  const [sent, setSent] = useState<string>();
  const refused = people.refused.value;
  if (sent !== undefined) return <Sent email={sent} other={() => setSent(undefined)} />;
  const lead = ways.email ? said.lead : said.noMail;
  return (
    <Card title={said.title}>
      {refused !== undefined && <Alert trouble={said.refused(refused)} />}
      {ways.openid !== undefined && <ByProvider people={people} name={ways.openid} mail={ways.email} />}
      {ways.openid === undefined && <p class="dim">{lead}</p>}
      {ways.email && <MailForm people={people} first={ways.openid === undefined} sent={setSent} />}
      <button type="button" class="link small" onClick={byToken}>
        {said.token}
      </button>
    </Card>
  );
}
