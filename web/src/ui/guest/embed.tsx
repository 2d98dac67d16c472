/** The office in a frame of another page: the room, or the list, and a small mark that opens the whole page. */
import type { ComponentChildren } from "preact";
import { useApp } from "../app.ts";
import { place } from "../aside.tsx";
import { officeName } from "../facts.ts";
import { DeskList } from "../list.tsx";
import { LiveRegion } from "../live.tsx";
import { Mark } from "../parts.tsx";
import { RoomView } from "../room.tsx";
import { LiveChip } from "../topbar.tsx";
import { GuestPanel } from "./frame.tsx";
import { useGuest } from "./guest.ts";
import { OverPage } from "./over.tsx";
import { guestWords } from "./words.ts";

function MarkLink({ live }: { readonly live: boolean }) {
  const { store, rights } = useApp();
  const { whole } = useGuest();
  const name = officeName(store.office.value, rights);
  return (
    <a
      class="pill embed-mark"
      href={whole}
      target="_blank"
      rel="noopener noreferrer"
      aria-label={guestWords.open(name)}
      title={guestWords.open(name)}
    >
      <Mark />
      <b class="clip">{name}</b>
      {live && <LiveChip />}
    </a>
  );
}

/** What every frame has. */
export function EmbedRoom({ live, children }: { readonly live: boolean; readonly children?: ComponentChildren }) {
  const { view } = useApp();
  const arrangement = view.arrangement.value;
  return (
    <main class={`frame embed ${arrangement.width}`}>
      <RoomView />
      {view.noRoom.value && (
        <div class="list-place" style={place(arrangement.list)}>
          <DeskList />
        </div>
      )}
      <MarkLink live={live} />
      {children}
    </main>
  );
}

export function EmbedFrame() {
  const { store, view } = useApp();
  const { crowded } = useGuest();
  if (store.phase.value === "ended") return <OverPage why="ended" />;
  if (crowded.value && store.state.value === undefined) return <OverPage why="crowded" />;
  if (view.face.value === "panel") return <GuestPanel />;
  return (
    <EmbedRoom live>
      <LiveRegion />
    </EmbedRoom>
  );
}
