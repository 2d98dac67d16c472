/** All keys, as a panel beside the office. */
import { useApp } from "./app.ts";
import { ACTS, SHOWN } from "./keys.ts";
import { Button, KeyCap } from "./parts.tsx";
import { REPLAY_SHOWN } from "./player/keys.ts";
import { replayKeys } from "./player/keywords.ts";
import { Switches } from "./sound/switches.tsx";
import { words } from "./words.ts";

/** What keys do in a replay. */
function InReplay() {
  return (
    <>
      <h2 class="under">{replayKeys.title}</h2>
      <dl>
        {REPLAY_SHOWN.map(([caps, deed]) => (
          <div key={deed} class="row">
            <dt>
              {caps.map((cap) => (
                <KeyCap key={cap}>{cap}</KeyCap>
              ))}
            </dt>
            <dd>{replayKeys.deeds[deed]}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

export function KeysPanel() {
  const { view, rights, replay, lookBack } = useApp();
  const shown = SHOWN.filter(([, deed]) => (rights.acts || !ACTS.has(deed)) && (deed !== "replay" || lookBack !== undefined));
  return (
    <div class="side">
      <header class="row between sheet-head">
        <h1 class="title">{words.keys.title}</h1>
        <Button look="s icon quiet" glyph="cross" label={`${words.submit.close} (Esc)`} onClick={() => view.back()} />
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls is reached by keyboard */}
      <section class="scroll keys-list" tabIndex={0} aria-label={words.keys.title}>
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
        {replay !== undefined && <InReplay />}
      </section>
      {replay === undefined && <Switches />}
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
