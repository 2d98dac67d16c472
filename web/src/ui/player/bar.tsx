/** The bar at the foot of a replay: scrubber and controls. */
import type { ComponentChildren } from "preact";
import { Problem, Unreachable } from "../../net/http.ts";
import type { Rect } from "../../scene/contract.ts";
import { useApp } from "../app.ts";
import { Waiting } from "../parts.tsx";
import type { Replay } from "./contract.ts";
import { Controls } from "./controls.tsx";
import { Scrubber } from "./scrubber.tsx";
import { playerWords } from "./words.ts";

const SIDE = { wide: 20, middle: 20, narrow: 16 } as const;

function why(trouble: unknown): string {
  if (trouble instanceof Unreachable) return playerWords.unreachable;
  return trouble instanceof Problem && trouble.status === 404 ? playerWords.gone : playerWords.trouble;
}

/** Nothing is known of the recording yet, or never will be. */
function Unknown({ replay }: { readonly replay: Replay }) {
  const trouble = replay.player.trouble.value;
  return trouble === undefined ? <Waiting rows={3} height={18} /> : <p class="lead">{why(trouble)}</p>;
}

export interface BarProps {
  readonly replay: Replay;
  readonly place: Rect;
  /** What stands at the end of the controls. */
  readonly children?: ComponentChildren;
}

export function PlayerBar({ replay, place, children }: BarProps) {
  const { view } = useApp();
  const { player } = replay;
  const width = place.width - 2 * SIDE[view.arrangement.value.width] - 2;
  const recorded = player.recorded.value;
  const empty = recorded !== undefined && player.bounds.value[0] === player.bounds.value[1];
  return (
    <section
      class="player-bar"
      aria-label={playerWords.bar}
      style={{ left: `${place.x}px`, top: `${place.y}px`, width: `${place.width}px`, height: `${place.height}px` }}
    >
      {recorded === undefined && <Unknown replay={replay} />}
      {empty && <p class="lead">{playerWords.nothing}</p>}
      {recorded !== undefined && !empty && (
        <>
          <Scrubber player={player} width={width} />
          <Controls replay={replay}>{children}</Controls>
        </>
      )}
    </section>
  );
}
