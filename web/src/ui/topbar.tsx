/** The bar over the office: whose it is, how fresh what is shown is, the light, and the one primary action. */
import type { IconName } from "../icons.ts";
import { useApp } from "./app.ts";
import { officeName } from "./facts.ts";
import { freshness } from "./fresh.ts";
import { age } from "./numbers.ts";
import { Button, Icon, Mark } from "./parts.tsx";
import type { Theme } from "./view.ts";
import { words } from "./words.ts";

/** Over an office narrower than that, buttons are glyphs, so that the office's name has room. */
const ROOMY = 760;
/** Narrower than this, the office has no room for words in its bar. */
const TIGHT = 520;
const LIGHTS: Readonly<Record<Theme, IconName>> = { day: "sun", night: "moon", clock: "clock" };

export function LiveChip() {
  const { store, view } = useApp();
  const beat = view.beat.value;
  const fresh = freshness(store.phase.value, beat < 0 ? undefined : store.age());
  return (
    <span class={`chip-live ${fresh.look}`}>
      {fresh.look === "over" ? <Icon name="cross" tone="red" /> : <i class="dot" aria-hidden="true" />}
      <b>{fresh.words}</b>
      {fresh.age !== undefined && <span class="dim age">{words.live.ago(age(fresh.age))}</span>}
    </span>
  );
}

export function LightButton() {
  const { view } = useApp();
  const theme = view.theme.value;
  return (
    <Button look="pill icon" glyph={LIGHTS[theme]} label={`${words.bar.theme(words.bar.themes[theme])} (D)`} onClick={view.nextTheme} />
  );
}

export function ListButton() {
  const { view } = useApp();
  const on = view.list.value || view.noRoom.value;
  const flip = () => {
    view.list.value = !view.list.value;
  };
  return (
    <Button
      look={on ? "pill icon on" : "pill icon"}
      glyph="list"
      label={`${on ? words.bar.room : words.bar.list} (L)`}
      aria-pressed={on}
      disabled={view.noRoom.value}
      onClick={flip}
    />
  );
}

/** How many look, once others do. */
function Watchers() {
  const { store } = useApp();
  const count = store.viewers.value ?? 0;
  if (count < 2) return null;
  return (
    <span class="pill" title={words.bar.watchingLong(count)}>
      <Icon name="eye" />
      {words.bar.watching(count)}
    </span>
  );
}

/** On a phone, or beside a sheet, a glyph alone. */
function ShareButton({ narrow }: { readonly narrow: boolean }) {
  const { view } = useApp();
  const open = () => view.open({ kind: "share" });
  if (narrow) return <Button look="pill icon" glyph="share" label={words.bar.share} onClick={open} />;
  return (
    <Button look="pill" glyph="share" title="S" onClick={open}>
      {words.bar.share}
    </Button>
  );
}

/** On narrower windows a glyph alone. */
function ReplayButton({ wide }: { readonly wide: boolean }) {
  const { view } = useApp();
  const open = () => view.open({ kind: "recordings" });
  if (!wide) return <Button look="pill icon" glyph="replay" label={`${words.bar.replay} (R)`} onClick={open} />;
  return (
    <Button look="pill" glyph="replay" title="R" onClick={open}>
      {words.bar.replay}
    </Button>
  );
}

/** What is one's own: on a hosted server also who one is there. */
function AccountButton() {
  const { view, account, people } = useApp();
  const mode = account.value?.mode;
  if (people === undefined || mode === undefined) return null;
  const [glyph, label] = mode === "hosted" ? (["person", words.bar.account] as const) : (["knobs", words.bar.settings] as const);
  return <Button look="pill icon" glyph={glyph} label={label} onClick={() => view.open({ kind: "account" })} />;
}

/** From a page of its own back to the office. */
function BackPill() {
  const { view } = useApp();
  return (
    <Button look="pill" glyph="back" title="Esc" onClick={() => view.open({ kind: "sidebar" })}>
      {words.desk.back}
    </Button>
  );
}

/** Where there is hardly any room a glyph alone. */
function AddButton({ tight }: { readonly tight: boolean }) {
  const { view } = useApp();
  const open = () => view.open({ kind: "add" });
  if (tight) return <Button look="pill primary icon" glyph="plus" label={`${words.bar.add} (N)`} onClick={open} />;
  return (
    <Button look="pill primary" glyph="plus" title="N" onClick={open}>
      {words.bar.add}
    </Button>
  );
}

/** What one does in the office; on a page of its own there is none of it. */
function Tools() {
  const { view, rights, lookBack } = useApp();
  const { width, free } = view.arrangement.value;
  const adding = !rights.acts || view.panel.value.kind === "add" || view.hello.value;
  const roomy = width === "wide" && free.width >= ROOMY;
  return (
    <>
      {width !== "narrow" && rights.acts && <Watchers />}
      {lookBack !== undefined && !view.hello.value && <ReplayButton wide={roomy} />}
      {rights.acts && !view.hello.value && view.panel.value.kind !== "share" && (
        <ShareButton narrow={width === "narrow" || (width === "wide" && !roomy)} />
      )}
      {width !== "narrow" && <ListButton />}
      <LightButton />
      <AccountButton />
      {width !== "narrow" && !adding && <AddButton tight={width === "wide" && free.width < TIGHT} />}
    </>
  );
}

/** @param right the distance from the right edge, so that the buttons stand over the office and not over the panel */
export function TopBar({ right }: { readonly right: number }) {
  const { store, view, rights } = useApp();
  const { page } = view.arrangement.value;
  return (
    <header class="topbar" style={{ right: `${right}px` }}>
      {page && <BackPill />}
      <div class="pill name">
        <Mark />
        <h1 class="clip">{officeName(store.office.value, rights)}</h1>
        <span class="sep" />
        <LiveChip />
      </div>
      <div class="row tools">{page ? <LightButton /> : <Tools />}</div>
    </header>
  );
}
