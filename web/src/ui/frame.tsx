/** The frame: the office is the screen, one panel stands beside it, and nothing lies on top of a desk. */
import { useApp } from "./app.ts";
import { Aside, place } from "./aside.tsx";
import { useFocus } from "./focus.ts";
import { later } from "./later.tsx";
import { LiveRegion } from "./live.tsx";
import { LookedAt } from "./lookedat.tsx";
import { RoomView } from "./room.tsx";
import { BatchesSheet, PhoneSheet, Sidebar } from "./sidebar.tsx";
import { TabBar } from "./tabs.tsx";
import { TopBar } from "./topbar.tsx";
import type { Panel } from "./view.ts";

const EDGE = 16;

// What one opens is fetched when it is first opened; what one looks at is here from the start, but for what most visits
// never see: the sign-in and an office's first greeting.
const SignIn = later(() => import("./signin.tsx").then((room) => room.SignIn));
const Hello = later(() => import("./hello.tsx").then((room) => room.Hello));
const DeskPanel = later(() => import("./deskpanel.tsx").then((room) => room.DeskPanel));
const DeskList = later(() => import("./list.tsx").then((room) => room.DeskList));
const PanelFace = later(() => import("./panelface.tsx").then((room) => room.PanelFace));
const UpstairsPanel = later(() => import("./upstairs.tsx").then((room) => room.UpstairsPanel));
const KeysPanel = later(() => import("./keyspanel.tsx").then((room) => room.KeysPanel));
const AddTasks = later(() => import("./submit/panel.tsx").then((room) => room.AddTasks));
const SharePanel = later(() => import("./share/panel.tsx").then((room) => room.SharePanel));
const Recordings = later(() => import("./player/recordings.tsx").then((room) => room.Recordings));
const Looking = later(() => import("./player/frame.tsx").then((room) => room.Looking));
const AccountPanel = later(() => import("./account/panel.tsx").then((room) => room.AccountPanel));
const PlansPage = later(() => import("./plans/page.tsx").then((room) => room.PlansPage));
const WallCorners = later(() => import("./wall/corners.tsx").then((room) => room.WallCorners));
const BatchPanel = later(() => import("./batchpanel.tsx").then((room) => room.BatchPanel));

function Content({ panel, narrow }: { readonly panel: Panel; readonly narrow: boolean }) {
  switch (panel.kind) {
    case "sidebar":
      return narrow ? <PhoneSheet /> : <Sidebar />;
    case "batches":
      return <BatchesSheet />;
    case "desk":
      return <DeskPanel index={panel.desk} />;
    case "batch":
      return <BatchPanel id={panel.id} />;
    case "upstairs":
      return <UpstairsPanel />;
    case "plans":
      return <PlansPage />;
    case "keys":
      return <KeysPanel />;
    case "recordings":
      return <Recordings />;
    case "account":
      return <AccountPanel />;
    case "add":
      return <AddTasks />;
    case "share":
      return <SharePanel subject={panel.subject} />;
  }
}

function PanelView() {
  const { view } = useApp();
  const [panel, arrangement] = [view.panel.value, view.arrangement.value];
  const focus = useFocus(panel.kind);
  const narrow = arrangement.width === "narrow";
  const listed = narrow && panel.kind === "sidebar" && (view.list.value || view.noRoom.value);
  if (listed) return null;
  if (panel.kind === "sidebar" && view.hello.value) {
    return (
      <aside class="hello-place" style={place(arrangement.panel)}>
        <Hello />
      </aside>
    );
  }
  return (
    <Aside kind={panel.kind} place={arrangement.panel} focus={focus}>
      <Content panel={panel} narrow={narrow} />
    </Aside>
  );
}

/** What stands round the room while it is live. */
function Live() {
  const { view } = useApp();
  const arrangement = view.arrangement.value;
  const listed = view.list.value || view.noRoom.value;
  const greeted = view.hello.value && view.panel.value.kind === "sidebar";
  const beside = arrangement.width === "wide" && arrangement.page === undefined && !greeted;
  const right = beside ? arrangement.panel.width + 2 * EDGE : EDGE;
  return (
    <>
      {listed && (arrangement.width !== "narrow" || view.panel.value.kind === "sidebar") && (
        <div class="list-place" style={place(arrangement.list)}>
          <DeskList />
        </div>
      )}
      <TopBar right={right} />
      <PanelView />
      {arrangement.width === "narrow" && <TabBar />}
      <LiveRegion />
    </>
  );
}

/** The room is made once: who looks back, or live again, or at the wall, sees the same one. */
export function Frame() {
  const { view, store, replay } = useApp();
  const face = view.face.value;
  if (store.phase.value === "signedout") return <SignIn />;
  if (face === "panel") {
    return (
      <PanelFace>
        <Content panel={view.panel.value} narrow={false} />
      </PanelFace>
    );
  }
  const { page } = view.arrangement.value;
  const look = face === "wall" ? "wall" : view.arrangement.value.width;
  return (
    <main class={page ? `frame ${look} paged` : `frame ${look}`}>
      <RoomView />
      {face !== "wall" && <LookedAt />}
      {face === "wall" ? <WallCorners /> : replay === undefined ? <Live /> : <Looking />}
    </main>
  );
}
