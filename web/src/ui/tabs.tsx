/** The four tabs of a phone: Office, Desks, Batches, Add. */
import type { IconName } from "../icons.ts";
import { useApp } from "./app.ts";
import { Icon } from "./parts.tsx";
import type { View } from "./view.ts";
import { words } from "./words.ts";

export type Tab = "office" | "desks" | "batches" | "add";

const TABS: ReadonlyArray<readonly [Tab, IconName]> = [
  ["office", "office"],
  ["desks", "list"],
  ["batches", "file"],
  ["add", "plus"],
];

export function tabOf(view: View): Tab {
  const { kind } = view.panel.value;
  if (kind === "add") return "add";
  if (kind === "batches" || kind === "batch") return "batches";
  return view.list.value ? "desks" : "office";
}

export function choose(view: View, tab: Tab): void {
  view.list.value = tab === "desks";
  view.open({ kind: tab === "add" || tab === "batches" ? tab : "sidebar" });
}

export function TabBar() {
  const { view, rights } = useApp();
  const current = tabOf(view);
  const shown = rights.acts ? TABS : TABS.filter(([tab]) => tab !== "add");
  return (
    <nav class="tabs" aria-label={words.tabs.label}>
      {shown.map(([tab, glyph]) => (
        <button
          key={tab}
          type="button"
          class={tab === current ? "on" : ""}
          aria-current={tab === current ? "page" : undefined}
          onClick={() => choose(view, tab)}
        >
          <Icon name={glyph} />
          {words.tabs[tab]}
        </button>
      ))}
    </nav>
  );
}
