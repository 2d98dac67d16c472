/** The bar over a guest's office: whose it is and how fresh, what is hidden, how many watch, list and light. */
import { useApp } from "../app.ts";
import { officeName } from "../facts.ts";
import { Icon, Mark } from "../parts.tsx";
import { LightButton, ListButton, LiveChip } from "../topbar.tsx";
import { useGuest } from "./guest.ts";
import { guestWords } from "./words.ts";

function Watchers() {
  const { store } = useApp();
  const count = store.viewers.value;
  if (count === undefined) return null;
  return (
    <span class="watchers" title={guestWords.watchersLong(count)}>
      {guestWords.watchers(count)}
    </span>
  );
}

/** What one sees and what not, in a few words; the whole sentence for who asks. */
export function ViewOnly() {
  const { view } = useGuest();
  return (
    <div class="row view-only" title={guestWords.explained(view)}>
      <Icon name="eye" />
      <b>{guestWords.viewOnly}</b>
      <span class="dim clip" aria-hidden="true">
        {guestWords.hidden(view)}
      </span>
      <span class="unseen">{guestWords.explained(view)}</span>
      <span class="sep" />
      <Watchers />
    </div>
  );
}

/** @param right the distance from the right edge, so that the buttons stand over the office and not over the panel */
export function GuestBar({ right }: { readonly right: number }) {
  const { store, view, rights } = useApp();
  const narrow = view.arrangement.value.width === "narrow";
  return (
    <header class="topbar" style={{ right: `${right}px` }}>
      <div class="pill name">
        <Mark />
        <h1 class="clip">
          <span class="dim watching">{guestWords.watching} </span>
          {officeName(store.office.value, rights)}
        </h1>
        <span class="sep" />
        <LiveChip />
      </div>
      <div class="row tools">
        {!narrow && (
          <div class="pill what-hides">
            <ViewOnly />
          </div>
        )}
        {!narrow && <ListButton />}
        <LightButton />
      </div>
    </header>
  );
}
