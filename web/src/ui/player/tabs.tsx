/** The tabs of a phone in a replay: the room with its moments, the desks, the batches. */
import type { IconName } from "../../icons.ts";
import { useApp } from "../app.ts";
import { Icon } from "../parts.tsx";
import type { View } from "../view.ts";
import { words } from "../words.ts";
import type { Replay } from "./contract.ts";
import { playerWords } from "./words.ts";

type Tab = "moments" | "desks" | "batches";

const TABS: ReadonlyArray<readonly [Tab, IconName, string]> = [
  ["moments", "replay", playerWords.find.moments],
  ["desks", "list", words.tabs.desks],
  ["batches", "file", words.tabs.batches],
];

function tabOf(view: View): Tab {
  const { kind } = view.panel.value;
  if (kind === "batches" || kind === "batch") return "batches";
  return view.list.value && kind === "sidebar" ? "desks" : "moments";
}

export function ReplayTabs({ replay }: { readonly replay: Replay }) {
  const { view } = useApp();
  const current = tabOf(view);
  function choose(tab: Tab): void {
    view.list.value = tab === "desks";
    view.open({ kind: tab === "batches" ? "batches" : "sidebar" });
    replay.side.value = "moments";
  }
  return (
    <nav class="tabs" aria-label={words.tabs.label}>
      {TABS.map(([tab, glyph, name]) => (
        <button
          key={tab}
          type="button"
          class={tab === current ? "on" : ""}
          aria-current={tab === current ? "page" : undefined}
          onClick={() => choose(tab)}
        >
          <Icon name={glyph} />
          {name}
        </button>
      ))}
    </nav>
  );
}
