/** A guest's page: the office with all that can be looked at, and nothing that could change it. */
import { useApp } from "../app.ts";
import { Aside, place, useFocus } from "../aside.tsx";
import { BatchPanel } from "../batchpanel.tsx";
import { DeskPanel } from "../deskpanel.tsx";
import { KeysPanel } from "../keyspanel.tsx";
import { DeskList } from "../list.tsx";
import { LiveRegion } from "../live.tsx";
import { RoomView } from "../room.tsx";
import { TabBar } from "../tabs.tsx";
import { UpstairsPanel } from "../upstairs.tsx";
import type { Panel, View } from "../view.ts";
import { GuestBar } from "./bar.tsx";
import { useGuest } from "./guest.ts";
import { OverPage } from "./over.tsx";
import { GuestBatches, GuestSheet } from "./sheet.tsx";
import { Strip } from "./strip.tsx";

const EDGE = 16;

function Content({ panel }: { readonly panel: Panel }) {
  switch (panel.kind) {
    case "desk":
      return <DeskPanel index={panel.desk} />;
    case "batch":
      return <BatchPanel id={panel.id} />;
    case "upstairs":
      return <UpstairsPanel />;
    case "keys":
      return <KeysPanel />;
    case "batches":
      return <GuestBatches />;
    default:
      return <GuestSheet />;
  }
}

function isListed(view: View): boolean {
  return view.list.value || view.noRoom.value;
}

function PanelView() {
  const { view } = useApp();
  const [panel, arrangement] = [view.panel.value, view.arrangement.value];
  const focus = useFocus(panel.kind);
  const narrow = arrangement.width === "narrow";
  if (panel.kind === "sidebar" && narrow && isListed(view)) return null;
  if (panel.kind === "sidebar" && !narrow) {
    return (
      <div class="strip-place" style={place(arrangement.panel)}>
        <Strip />
      </div>
    );
  }
  return (
    <Aside kind={panel.kind} place={arrangement.panel} focus={focus}>
      <Content panel={panel} />
    </Aside>
  );
}

export function GuestFrame() {
  const { view, store } = useApp();
  const { crowded } = useGuest();
  const [arrangement, panel, phase] = [view.arrangement.value, view.panel.value, store.phase.value];
  if (phase === "ended") return <OverPage why="ended" />;
  if (crowded.value && store.state.value === undefined) return <OverPage why="crowded" />;
  const beside = arrangement.width === "wide" && panel.kind !== "sidebar";
  return (
    <main class={`frame guest ${arrangement.width}`}>
      <RoomView />
      {isListed(view) && (arrangement.width !== "narrow" || panel.kind === "sidebar") && (
        <div class="list-place" style={place(arrangement.list)}>
          <DeskList />
        </div>
      )}
      <GuestBar right={beside ? arrangement.panel.width + 2 * EDGE : EDGE} />
      <PanelView />
      {arrangement.width === "narrow" && <TabBar />}
      <LiveRegion />
    </main>
  );
}
