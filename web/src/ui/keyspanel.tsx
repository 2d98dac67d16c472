/** All keys, as a panel beside the office. */
import { useApp } from "./app.ts";
import { ACTS, SHOWN } from "./keys.ts";
import { Button, KeyCap } from "./parts.tsx";
import { words } from "./words.ts";

export function KeysPanel() {
  const { view, rights } = useApp();
  const shown = rights.acts ? SHOWN : SHOWN.filter(([, deed]) => !ACTS.has(deed));
  return (
    <div class="side">
      <header class="row between sheet-head">
        <h1 class="title">{words.keys.title}</h1>
        <Button look="s icon quiet" glyph="cross" label={`${words.submit.close} (Esc)`} onClick={() => view.back()} />
      </header>
      <section class="scroll keys-list">
        <dl>
          {shown.map(([caps, deed]) => (
            <div key={deed} class="row">
              <dt>
                {caps.map((cap) => (
                  <KeyCap key={cap}>{cap}</KeyCap>
                ))}
              </dt>
              <dd>{words.keys.deeds[deed]}</dd>
            </div>
          ))}
        </dl>
      </section>
      <section>
        <label class="row">
          <input
            type="checkbox"
            checked={view.singleKeys.value}
            onChange={(event) => {
              view.singleKeys.value = event.currentTarget.checked;
            }}
          />
          {words.keys.single}
        </label>
        <p class="dim small under">{words.keys.rest}</p>
      </section>
    </div>
  );
}
