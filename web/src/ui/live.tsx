/** The polite live region, fed by the changes of the state, and the quiet title of the tab. */
import { effect } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import type { OfficeState } from "../state/office.ts";
import { useApp } from "./app.ts";
import { ended, officeName } from "./facts.ts";
import { STALE_MS } from "./fresh.ts";
import type { Rights } from "./rights.ts";
import { begun, connection, hear, SILENT, sentences, speak } from "./say.ts";
import { words } from "./words.ts";

/** "23/50" of what is being worked on; nothing when all is done. */
export function tabTitle(state: OfficeState | undefined, rights: Rights): string {
  const open = Object.values(state?.batches ?? {}).filter((batch) => !ended(batch));
  const total = open.reduce((sum, batch) => sum + batch.total, 0);
  const done = open.reduce((sum, batch) => sum + batch.done + batch.failed, 0);
  const name = state === undefined ? words.product : officeName(state.office, rights);
  return total === 0 ? name : `${done}/${total} ${name}`;
}

export function LiveRegion() {
  const { store, view, draft, kinds, rights, now } = useApp();
  const [text, setText] = useState("");
  useEffect(() => {
    let voice = SILENT;
    let before: OfficeState | undefined;
    let stale = false;
    let said = draft.started.peek();
    return effect(() => {
      const after = store.state.value;
      if (view.second.value >= 0 && before !== undefined && after !== undefined)
        voice = hear(voice, sentences(before, after, kinds.peek(), now()));
      const started = draft.started.value;
      if (started !== undefined && started !== said) voice = hear(voice, [begun(started, now())]);
      said = started;
      before = after;
      const age = store.age() ?? 0;
      voice = hear(voice, connection(stale, age >= STALE_MS, age));
      stale = age >= STALE_MS;
      const [next, sentence] = speak(voice, now());
      voice = next;
      if (sentence !== undefined) setText(sentence);
    });
  }, [store, view, draft, kinds, now]);
  useEffect(
    () =>
      effect(() => {
        document.title = tabTitle(store.state.value, rights);
      }),
    [store, rights],
  );
  return (
    <div class="unseen" aria-live="polite" role="status">
      {text}
    </div>
  );
}
