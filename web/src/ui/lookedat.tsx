/** A line over the office that says what is looked at there beside all of it, and how to leave that. */
import { useApp } from "./app.ts";
import { batchName } from "./facts.ts";
import { desksOf, leave, onlyOf } from "./gaze.ts";
import { gazeWords } from "./gazewords.ts";
import { Button, Icon, KeyCap, Swatch } from "./parts.tsx";
import "./gaze.css";

function Leave() {
  const { view } = useApp();
  const narrow = view.arrangement.value.width === "narrow";
  return (
    <button type="button" class="row leave" onClick={() => leave(view)}>
      {gazeWords.leave}
      {narrow ? <Icon name="cross" /> : <KeyCap>Esc</KeyCap>}
    </button>
  );
}

function Followed() {
  const { view, store } = useApp();
  const panel = view.panel.value;
  const worker = panel.kind === "desk" ? store.desks.value[panel.desk]?.worker : undefined;
  if (worker === undefined) return null;
  return (
    <>
      <Icon name="eye" />
      <b class="clip">{gazeWords.following(worker)}</b>
    </>
  );
}

function Only({ id }: { readonly id: string }) {
  const { store } = useApp();
  const batch = store.batches.value[id];
  if (batch === undefined) return null;
  return (
    <>
      <Swatch order={batch.order} />
      <b class="clip">{gazeWords.only(batchName(batch))}</b>
      <span class="dim nowrap">{gazeWords.desks(desksOf(store.desks.value, id))}</span>
    </>
  );
}

/** The status stays in the page, so that screen readers hear what comes into it. */
export function LookedAt() {
  const app = useApp();
  const only = onlyOf(app);
  const following = app.view.following.value;
  const { free: room, width, page } = app.view.arrangement.value;
  const covered = page === true || (app.view.list.value && width === "narrow");
  const shown = !covered && (following || only !== undefined);
  return (
    <div class="looked-at" style={{ left: `${room.x}px`, top: `${room.y}px`, maxWidth: `${room.width}px` }}>
      <p role="status" class={shown ? "pill row" : ""}>
        {shown && (following ? <Followed /> : only !== undefined && <Only id={only} />)}
        {shown && <Leave />}
      </p>
      {app.view.flat.value && !covered && !shown && <p class="small flat-note">{gazeWords.flat}</p>}
    </div>
  );
}

/** In a batch's panel: its desks alone, or all again. */
export function OverviewButton({ batch }: { readonly batch: string }) {
  const app = useApp();
  const on = onlyOf(app) === batch;
  return (
    <Button
      look="s"
      glyph="office"
      aria-pressed={on}
      title="O"
      onClick={() => {
        app.view.only.value = on ? undefined : batch;
      }}
    >
      {on ? gazeWords.showAll : gazeWords.show}
    </Button>
  );
}

/** In a desk's panel: goes with whoever works there. */
export function FollowButton() {
  const { view } = useApp();
  if (view.flat.value) return null;
  const on = view.following.value;
  const label = `${on ? gazeWords.unfollow : gazeWords.follow} (F)`;
  return (
    <Button
      look={on ? "s icon quiet on" : "s icon quiet"}
      glyph="eye"
      label={label}
      aria-pressed={on}
      onClick={() => {
        view.following.value = !on;
      }}
    />
  );
}
