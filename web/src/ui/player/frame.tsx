/** All that stands round the room while one looks back: bar above, panel beside, player below. */
import { useApp } from "../app.ts";
import { Aside, place } from "../aside.tsx";
import { DeskPanel } from "../deskpanel.tsx";
import { useFocus } from "../focus.ts";
import { KeysPanel } from "../keyspanel.tsx";
import { later } from "../later.tsx";
import { DeskList } from "../list.tsx";
import { BatchesSheet, Sidebar } from "../sidebar.tsx";
import { UpstairsPanel } from "../upstairs.tsx";
import type { Panel } from "../view.ts";
import { PlayerBar } from "./bar.tsx";
import type { Replay, Side } from "./contract.ts";
import type { ReplayArrangement } from "./layout.ts";
import { Moments } from "./moments.tsx";
import { Recordings } from "./recordings.tsx";
import { saveWords } from "./savewords.ts";
import { ReplayRegion } from "./say.tsx";
import { ReplayTabs } from "./tabs.tsx";
import { ReplayTop } from "./top.tsx";
import { playerWords } from "./words.ts";
import "./beside.css";
import "./player.css";
import "./scrubber.css";

const EDGE = 16;
const BatchPanel = later(() => import("../batchpanel.tsx").then((room) => room.BatchPanel));
const SaveAs = later(() => import("./save.tsx").then((room) => room.SaveAs));
const SharePanel = later(() => import("../share/panel.tsx").then((room) => room.SharePanel));
const SIDES: ReadonlyArray<readonly [Side, string]> = [
  ["moments", playerWords.find.moments],
  ["office", playerWords.find.office],
];
const SAVE: readonly [Side, string] = ["save", saveWords.title];

/** What stands beside the replay by itself: moments to go to, or the office in numbers as it was then. */
function Beside({ replay }: { readonly replay: Replay }) {
  const { rights } = useApp();
  const side = replay.side.value;
  const sides = rights.asks && replay.recording !== "" ? [...SIDES, SAVE] : SIDES;
  return (
    <div class="side beside-replay">
      <fieldset class="seg sides" aria-label={playerWords.find.tabs}>
        {sides.map(([name, words]) => (
          <button
            key={name}
            type="button"
            class={name === side ? "on" : ""}
            aria-pressed={name === side}
            onClick={() => {
              replay.side.value = name;
            }}
          >
            {words}
          </button>
        ))}
      </fieldset>
      {side === "moments" && <Moments replay={replay} />}
      {side === "office" && <Sidebar />}
      {side === "save" && <SaveAs replay={replay} />}
    </div>
  );
}

function Content({ panel, replay }: { readonly panel: Panel; readonly replay: Replay }) {
  switch (panel.kind) {
    case "desk":
      return <DeskPanel index={panel.desk} />;
    case "batch":
      return <BatchPanel id={panel.id} />;
    case "upstairs":
      return <UpstairsPanel />;
    case "batches":
      return <BatchesSheet />;
    case "keys":
      return <KeysPanel />;
    case "recordings":
      return <Recordings />;
    case "share":
      return <SharePanel subject={panel.subject} />;
    default:
      return <Beside replay={replay} />;
  }
}

export function ReplayFrame({ replay }: { readonly replay: Replay }) {
  const { view } = useApp();
  const panel = view.panel.value;
  const arrangement = view.arrangement.value as ReplayArrangement;
  const focus = useFocus(panel.kind);
  const narrow = arrangement.width === "narrow";
  const listed = view.list.value || view.noRoom.value;
  const covered = narrow && listed && panel.kind === "sidebar";
  const right = arrangement.width === "wide" ? arrangement.panel.width + 2 * EDGE : EDGE;
  return (
    <>
      {listed && (!narrow || panel.kind === "sidebar") && (
        <div class="list-place" style={place(arrangement.list)}>
          <DeskList />
        </div>
      )}
      <ReplayTop replay={replay} right={right} />
      {!covered && (
        <Aside kind={panel.kind} place={arrangement.panel} focus={focus}>
          <Content panel={panel} replay={replay} />
        </Aside>
      )}
      <PlayerBar replay={replay} place={arrangement.bar} />
      {narrow && <ReplayTabs replay={replay} />}
      <ReplayRegion replay={replay} />
    </>
  );
}

/** The same, for whoever is fetched without knowing whether there is a replay. */
export function Looking() {
  const { replay } = useApp();
  return replay === undefined ? null : <ReplayFrame replay={replay} />;
}
