/** The panel without the room, for narrow frames: whose office it is, how fresh that is, and what one looks at. */
import type { ComponentChildren } from "preact";
import { useApp } from "./app.ts";
import { Aside } from "./aside.tsx";
import { officeName } from "./facts.ts";
import { useFocus } from "./focus.ts";
import { LiveRegion } from "./live.tsx";
import { Mark } from "./parts.tsx";
import { LiveChip } from "./topbar.tsx";

export function PanelFace({ children }: { readonly children: ComponentChildren }) {
  const { store, view, rights } = useApp();
  const [{ kind }, { panel, width }] = [view.panel.value, view.arrangement.value];
  const focus = useFocus(kind);
  return (
    <main class={`frame panel-face ${width}`}>
      <header class="row panel-head">
        <Mark />
        <h1 class="clip grow">{officeName(store.office.value, rights)}</h1>
        <LiveChip />
      </header>
      <Aside kind={kind} place={panel} focus={focus}>
        {children}
      </Aside>
      <LiveRegion />
    </main>
  );
}
