/** The bar over a replay: whose office, which moment, a link to it, the light, and back to now. */
import { useEffect, useState } from "preact/hooks";
import type { Player } from "../../replay/player.ts";
import { useApp } from "../app.ts";
import { officeName } from "../facts.ts";
import { clockSeconds, clockTime, day, weekday } from "../numbers.ts";
import { Button, Mark } from "../parts.tsx";
import { LightButton, ListButton } from "../topbar.tsx";
import { asking } from "./address.ts";
import type { Address, Replay } from "./contract.ts";
import { playerWords } from "./words.ts";

const COPIED_MS = 2_000;

function Chip({ player }: { readonly player: Player }) {
  const known = player.known.value;
  const at = Math.floor(player.shown.value / 1000) * 1000;
  return (
    <span class="chip-live stale replay-chip">
      <i class="dot" aria-hidden="true" />
      <b>{playerWords.replay}</b>
      {at > 0 && (
        <span class="dim age">
          <span class="date">{`${weekday(at)}, `}</span>
          {clockSeconds(at)}
        </span>
      )}
      {!known && <span class="honey">{playerWords.notStored}</span>}
    </span>
  );
}

/** Says that it was copied for a moment. */
function useCopied(): readonly [boolean, (text: string) => void] {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), COPIED_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  return [copied, (text) => void navigator.clipboard?.writeText(text).then(() => setCopied(true))];
}

function CopyLink({ replay, link }: { readonly replay: Replay; readonly link: NonNullable<Address["link"]> }) {
  const { view } = useApp();
  const [copied, copy] = useCopied();
  const { player } = replay;
  const minute = clockTime(Math.floor(player.shown.value / 60_000) * 60_000);
  function press(): void {
    const [recorded, panel] = [player.recorded.peek(), view.panel.peek()];
    if (recorded === undefined) return;
    copy(link(asking(player.shown.peek(), recorded, player.speed.peek(), panel.kind === "desk" ? panel.desk : undefined)));
  }
  if (view.arrangement.value.width !== "wide")
    return <Button look="pill icon" glyph={copied ? "check" : "link"} label={playerWords.copyShort} onClick={press} />;
  return (
    <Button look="pill" glyph={copied ? "check" : "link"} title={playerWords.copyShort} onClick={press}>
      {copied ? playerWords.copied : playerWords.copyLink(minute)}
    </Button>
  );
}

/** A link of its own for this recording: for members, whose it is. */
function ShareReplay({ replay }: { readonly replay: Replay }) {
  const { view } = useApp();
  const { player, recording } = replay;
  function open(): void {
    const started = player.recorded.peek()?.started;
    const name = started === undefined ? playerWords.replay : `${day(started)}, ${clockTime(started)}`;
    view.open({ kind: "share", subject: { recording, name } });
  }
  return <Button look="pill icon" glyph="share" label={playerWords.share} onClick={open} />;
}

/** @param right the distance from the right edge */
export function ReplayTop({ replay, right }: { readonly replay: Replay; readonly right: number }) {
  const { store, view, rights } = useApp();
  const narrow = view.arrangement.value.width === "narrow";
  const { leave, address, player } = replay;
  const recorded = player.recorded.value?.name;
  const name = officeName(store.office.value ?? (recorded === undefined ? undefined : { name: recorded }), rights);
  return (
    <header class="topbar replay-top" style={{ right: `${right}px` }}>
      <div class="pill name">
        <Mark />
        <h1 class="clip">{name}</h1>
        <span class="sep" />
        <Chip player={player} />
      </div>
      <div class="row tools">
        {address.link !== undefined && <CopyLink replay={replay} link={address.link} />}
        {rights.asks && replay.recording !== "" && view.panel.value.kind !== "share" && <ShareReplay replay={replay} />}
        {!narrow && <ListButton />}
        {!narrow && <LightButton />}
        {leave !== undefined && (
          <Button look="pill primary" title="G" onClick={leave}>
            <i class="dot live-dot" aria-hidden="true" />
            {playerWords.goLive}
          </Button>
        )}
      </div>
    </header>
  );
}
