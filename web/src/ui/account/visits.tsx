/** Where somebody is signed in, and the ways to end it. */
import { useState } from "preact/hooks";
import type { People, Visit } from "../../net/people.ts";
import { useFetched } from "../fetched.ts";
import { moment } from "../numbers.ts";
import { Button, Confirm, Waiting } from "../parts.tsx";
import { browserName } from "./browsername.ts";
import { Trouble, useDeed } from "./deed.tsx";
import { peopleWords } from "./words.ts";

const said = peopleWords.account;

interface RowProps {
  readonly visit: Visit;
  readonly now: number;
  readonly busy: boolean;
  readonly end: () => void;
}

function Row({ visit, now, busy, end }: RowProps) {
  return (
    <li class="row between account-row">
      <div class="grow">
        <span class="clip" title={visit.label}>
          {browserName(visit.label) ?? said.browser}
        </span>
        <div class="dim small">{visit.current ? said.thisOne : said.seen(moment(visit.used ?? visit.created, now))}</div>
      </div>
      {!visit.current && (
        <Button look="s quiet" disabled={busy} onClick={end}>
          {said.end}
        </Button>
      )}
    </li>
  );
}

export function Visits({ people, now, gone }: { readonly people: People; readonly now: number; readonly gone: () => void }) {
  const [changes, setChanges] = useState(0);
  const answer = useFetched(() => people.visits(), [changes], true);
  const deed = useDeed(() => setChanges(changes + 1));
  const over = useDeed(gone);
  return (
    <section>
      <h2 class="label">{said.visits}</h2>
      {answer.state === "waiting" && <Waiting rows={2} />}
      <ul class="plain">
        {(answer.value ?? []).map((visit) => (
          <Row key={visit.id} visit={visit} now={now} busy={deed.busy} end={() => deed.run(() => people.end(visit.id))} />
        ))}
      </ul>
      <div class="row">
        <Button look="s" disabled={over.busy} onClick={() => over.run(people.leave)}>
          {said.leave}
        </Button>
        <Confirm look="s quiet" glyph="cross" sure={said.leaveAllSure} disabled={over.busy} onSure={() => over.run(people.leaveAll)}>
          {said.leaveAll}
        </Confirm>
      </div>
      <Trouble trouble={deed.trouble ?? over.trouble} />
    </section>
  );
}
