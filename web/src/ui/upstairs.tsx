/** Who runs beyond the ten desks: the list behind the stairs, oldest first. */
import type { Upstairs as Person } from "../state/office.ts";
import { useApp } from "./app.ts";
import { batchName } from "./facts.ts";
import { elapsed } from "./numbers.ts";
import { Button, Icon, Swatch } from "./parts.tsx";
import { words } from "./words.ts";

function Row({ person, now }: { readonly person: Person; readonly now: number }) {
  const { store } = useApp();
  const batch = person.batch === undefined ? undefined : store.batches.value[person.batch];
  return (
    <li class="row person">
      {batch === undefined ? <Icon name="play" /> : <Swatch order={batch.order} />}
      <span class="grow clip">{person.title ?? (batch === undefined ? words.desk.working : batchName(batch))}</span>
      <span class="dim">{elapsed(now - person.since)}</span>
    </li>
  );
}

export function UpstairsPanel() {
  const { store, view, now } = useApp();
  const overflow = store.overflow.value;
  const at = view.second.value >= 0 ? now() : 0;
  const people = Object.entries(overflow?.shown ?? {}).sort(([, a], [, b]) => a.since - b.since);
  const beyond = overflow?.count ?? 0;
  return (
    <div class="side">
      <header class="row walk">
        <Button look="s quiet" glyph="back" onClick={() => view.open({ kind: "sidebar" })}>
          {words.desk.back}
        </Button>
      </header>
      <section class="who">
        <h1 class="title row">
          <span class="coral">
            <Icon name="stairs" />
          </span>
          {words.upstairs.title}
        </h1>
        <p class="dim under">{beyond === 0 ? words.upstairs.none : words.upstairs.lead(beyond)}</p>
      </section>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls is reached by keyboard */}
      <section class="scroll people" tabIndex={0} aria-label={words.upstairs.title}>
        <ul>
          {people.map(([id, person]) => (
            <Row key={id} person={person} now={at} />
          ))}
        </ul>
        {beyond > people.length && people.length > 0 && <p class="dim small">{words.upstairs.rest(beyond - people.length)}</p>}
      </section>
    </div>
  );
}
