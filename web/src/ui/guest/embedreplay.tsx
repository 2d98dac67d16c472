/** A replay in a frame of another page: the room, the mark, and one line to play it by. */
import type { Player } from "../../replay/player.ts";
import { elapsed } from "../numbers.ts";
import { Button } from "../parts.tsx";
import { toggle } from "../player/deeds.ts";
import { playerWords } from "../player/words.ts";
import { EmbedRoom } from "./embed.tsx";
import { guestWords } from "./words.ts";

const STEP_MS = 1_000;

export function EmbedReplay({ player }: { readonly player: Player }) {
  const [from, to] = player.bounds.value;
  const playing = player.playing.value;
  // Whole seconds: the line needs no more, and nothing is drawn between them.
  const at = Math.floor((player.position.value - from) / STEP_MS) * STEP_MS;
  return (
    <EmbedRoom live={false}>
      <div class="pill embed-line">
        <Button
          look="s icon quiet"
          glyph={playing ? "pause" : "play"}
          label={playing ? playerWords.pause : playerWords.play}
          onClick={() => toggle({ player })}
        />
        <input
          type="range"
          min={0}
          max={Math.max(to - from, STEP_MS)}
          step={STEP_MS}
          value={at}
          aria-label={guestWords.moment}
          aria-valuetext={elapsed(at)}
          onInput={(event) => player.seek(from + event.currentTarget.valueAsNumber)}
        />
        <span class="dim">{elapsed(at)}</span>
      </div>
    </EmbedRoom>
  );
}
