/**
 * The account of whoever is signed in: plan, use, support, keys, people, tokens, where they are signed in, and their data.
 * On a machine of one's own nobody signs in and nothing is sold: what is left are its settings.
 */
import { useEffect } from "preact/hooks";
import type { Me, People } from "../../net/people.ts";
import { useApp } from "../app.ts";
import { useFetched } from "../fetched.ts";
import { OwnKeys } from "../ownkeys.tsx";
import { Button, KeyCap, Waiting } from "../parts.tsx";
import { failureWords } from "../trouble.ts";
import { words } from "../words.ts";
import { Trouble, useDeed } from "./deed.tsx";
import { Deleted } from "./deletion.tsx";
import { Members } from "./members.tsx";
import { Month, Plan } from "./plan.tsx";
import { Privacy } from "./privacy.tsx";
import { Support } from "./support.tsx";
import { Tokens } from "./tokens.tsx";
import { Visits } from "./visits.tsx";
import { Webhooks } from "./webhooks.tsx";
import { peopleWords } from "./words.ts";
import "./account.css";

const said = peopleWords.account;

function Offices({ people, me, moved }: { readonly people: People; readonly me: Me; readonly moved: () => void }) {
  const deed = useDeed(moved);
  if (me.offices.length < 2) return null;
  return (
    <section>
      <h2 class="label">{said.offices}</h2>
      <ul class="plain">
        {me.offices.map((place) => (
          <li key={place.id} class="row between account-row">
            <span class="grow clip">
              {place.name} <span class="dim small">{said.roleName(place.role)}</span>
            </span>
            {place.id === me.office ? (
              <span class="dim small">{said.here}</span>
            ) : (
              <Button look="s" disabled={deed.busy} onClick={() => deed.run(() => people.move(place.id))}>
                {said.move(place.name)}
              </Button>
            )}
          </li>
        ))}
      </ul>
      <Trouble trouble={deed.trouble} />
    </section>
  );
}

interface PanelProps {
  /** Begins anew: signed out, or in another office. */
  readonly reload?: () => void;
}

/** The plan and all that hangs on it; what an owner alone may change is there for owners alone. */
function OfThePlan({ owner }: { readonly owner: boolean }) {
  const { account } = useApp();
  const found = account.value;
  if (found === undefined) return <Waiting rows={3} />;
  return (
    <>
      {found.deletes !== undefined && <Deleted when={found.deletes} owner={owner} />}
      <Plan account={found} owner={owner} />
      {found.quota !== undefined && <Month quota={found.quota} />}
      {found.support !== undefined && <Support support={found.support} />}
    </>
  );
}

/** What an office on a machine of one's own has to be set. */
function OfTheMachine({ people, me }: { readonly people: People; readonly me: Me }) {
  const { now } = useApp();
  return (
    <>
      <OwnKeys />
      <Webhooks />
      <Tokens people={people} scopes={me.scopes} now={now()} />
    </>
  );
}

/** Who one is, where, and by what; the office's people and keys. */
function OfPeople({ people, me, reload }: { readonly people: People; readonly me: Me; readonly reload: () => void }) {
  const { now, account } = useApp();
  const owner = me.scopes.includes("admin");
  return (
    <>
      <OfThePlan owner={owner} />
      {owner && <OwnKeys />}
      {owner && <Webhooks />}
      <Members people={people} owner={owner} />
      {me.scopes.includes("control") && <Tokens people={people} scopes={me.scopes} now={now()} />}
      <Offices people={people} me={me} moved={reload} />
      <Visits people={people} now={now()} gone={reload} />
      {owner && account.value?.retention !== undefined && <Privacy account={account.value} />}
    </>
  );
}

export function AccountPanel({ reload = () => location.reload() }: PanelProps) {
  const { people, view, account, refreshAccount } = useApp();
  const answer = useFetched(() => people?.me() ?? Promise.reject(new Error("nobody signs in here")), []);
  const me = answer.value;
  const local = account.value?.mode === "local";
  const Parts = local ? OfTheMachine : OfPeople;
  useEffect(() => void refreshAccount(), [refreshAccount]);
  return (
    <div class="account">
      <header class="row between account-head">
        <div class="grow">
          <h1 class="title">{local ? said.settings : said.title}</h1>
          {local && <p class="dim">{said.machine}</p>}
          {me?.email !== undefined && <p class="dim clip">{said.you(me.email, said.roleName(me.role))}</p>}
        </div>
        <span class="row">
          <KeyCap>Esc</KeyCap>
          <Button look="s icon quiet" glyph="cross" label={words.submit.close} onClick={() => view.back()} />
        </span>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard */}
      <div class="scroll account-body" tabIndex={0}>
        {answer.state === "waiting" && <Waiting rows={4} />}
        {answer.state === "failed" && <p class="red">{failureWords(answer.error)}</p>}
        {people !== undefined && me !== undefined && <Parts people={people} me={me} reload={reload} />}
      </div>
    </div>
  );
}
