/** A guest's page: the office with all that can be looked at, and nothing that could change it. */
import { useApp } from "../app.ts";
import { Aside, place } from "../aside.tsx";
import { BatchPanel } from "../batchpanel.tsx";
import { DeskPanel } from "../deskpanel.tsx";
import { useFocus } from "../focus.ts";
import { KeysPanel } from "../keyspanel.tsx";
import { later } from "../later.tsx";
import { DeskList } from "../list.tsx";
import { LiveRegion } from "../live.tsx";
import { LookedAt } from "../lookedat.tsx";
import { PanelFace } from "../panelface.tsx";
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

const WallCorners = later(() => import("../wall/corners.tsx").then((room) => room.WallCorners));

/** @param desks there is no room above, so that the sheet has them */
function Content({ panel, desks }: { readonly panel: Panel; readonly desks: boolean }) {
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
      return <GuestSheet desks={desks} />;
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
      <Content panel={panel} desks={false} />
    </Aside>
  );
}

/** What a guest sees for as long as the link is good, of whichever size. */
export function GuestPanel() {
  const { view } = useApp();
  return (
    <PanelFace>
      <Content panel={view.panel.value} desks />
    </PanelFace>
  );
}

function Wall() {
  return (
    <main class="frame guest wall">
      <RoomView />
      <WallCorners />
    </main>
  );
}

function Whole() {
  const { view } = useApp();
  const [arrangement, panel] = [view.arrangement.value, view.panel.value];
  const beside = arrangement.width === "wide" && panel.kind !== "sidebar";
  return (
    <main class={`frame guest ${arrangement.width}`}>
      <RoomView />
      <LookedAt />
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

export function GuestFrame() {
  const { view, store } = useApp();
  const { crowded } = useGuest();
  if (store.phase.value === "ended") return <OverPage why="ended" />;
  if (crowded.value && store.state.value === undefined) return <OverPage why="crowded" />;
  const face = view.face.value;
  if (face === "panel") return <GuestPanel />;
  return face === "wall" ? <Wall /> : <Whole />;
}
