/** What one presses: play, steps, markers, the time, idle stretches, speed, loop. */
import type { Signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import type { Player } from "../../replay/player.ts";
import { SPEEDS } from "../../replay/timeline.ts";
import { useApp } from "../app.ts";
import { elapsed } from "../numbers.ts";
import { Button, Icon } from "../parts.tsx";
import type { Replay } from "./contract.ts";
import { toggle } from "./deeds.ts";
import { playerWords } from "./words.ts";

/** The speeds that are offered to be pressed; the keys reach those between, too. */
const OFFERED: ReadonlySet<number> = new Set([0.5, 1, 4, 16, 64]);

function PlayButton({ replay }: { readonly replay: Replay }) {
  const on = replay.player.playing.value;
  return (
    <Button
      look="icon primary play"
      glyph={on ? "pause" : "play"}
      label={`${on ? playerWords.pause : playerWords.play} (Space)`}
      onClick={() => toggle(replay)}
    />
  );
}

/** Tells only when the second has changed: everything else of the bar stands still meanwhile. */
function Elapsed({ player }: { readonly player: Player }) {
  const [from, to] = player.bounds.value;
  const seconds = Math.floor((player.position.value - from) / 1000);
  return (
    <span class="elapsed">
      <b>{elapsed(seconds * 1000)}</b>
      <span class="dim"> {playerWords.of(elapsed(to - from))}</span>
    </span>
  );
}

function Flip({ on, look, children, ...rest }: { on: Signal<boolean>; look: string; title: string; children: ComponentChildren }) {
  const flip = () => {
    on.value = !on.value;
  };
  return (
    <button type="button" class={`${look} ${on.value ? "on" : ""}`} aria-pressed={on.value} onClick={flip} {...rest}>
      {children}
    </button>
  );
}

function Speeds({ player }: { readonly player: Player }) {
  const current = player.speed.value;
  const shown = SPEEDS.filter((speed) => OFFERED.has(speed) || speed === current);
  return (
    <fieldset class="seg speeds" aria-label={`${playerWords.speed} (< >)`}>
      {shown.map((speed) => (
        <button
          key={speed}
          type="button"
          class={speed === current ? "on" : ""}
          aria-pressed={speed === current}
          onClick={() => {
            player.speed.value = speed;
          }}
        >
          {playerWords.times(speed)}
        </button>
      ))}
    </fieldset>
  );
}

/** A phone has no room for a row of speeds: one button that goes round them. */
function SpeedButton({ player }: { readonly player: Player }) {
  const next = () => {
    const offered = [...OFFERED] as (typeof SPEEDS)[number][];
    player.speed.value = offered.find((speed) => speed > player.speed.value) ?? 0.5;
  };
  return (
    <button type="button" class="btn" aria-label={`${playerWords.speed}, ${playerWords.times(player.speed.value)}`} onClick={next}>
      {playerWords.times(player.speed.value)}
    </button>
  );
}

/** Why it does not go on, where it does not. */
function Trouble({ player }: { readonly player: Player }) {
  const late = player.trouble.value !== undefined;
  return <span class="honey small grow clip">{late ? playerWords.unreachable : ""}</span>;
}

export function Controls({ replay, children }: { readonly replay: Replay; readonly children?: ComponentChildren }) {
  const { view } = useApp();
  const { player } = replay;
  const narrow = view.arrangement.value.width === "narrow";
  const skips = player.skipping.value;
  return (
    <div class="row controls-row">
      <PlayButton replay={replay} />
      <Button look="icon" glyph="stepback" label={`${playerWords.stepBack} (,)`} onClick={() => player.step(-1)} />
      <Button look="icon" glyph="stepon" label={`${playerWords.stepOn} (.)`} onClick={() => player.step(1)} />
      {!narrow && <Button look="icon quiet" glyph="back" label={`${playerWords.markerBack} ([)`} onClick={() => player.marker(-1)} />}
      {!narrow && <Button look="icon quiet" glyph="next" label={`${playerWords.markerOn} (])`} onClick={() => player.marker(1)} />}
      <Elapsed player={player} />
      <Trouble player={player} />
      <Flip on={player.skipping} look="skip-idle" title="I">
        <i class="stripes" aria-hidden="true" />
        <span class={narrow ? "unseen" : ""}>{skips ? playerWords.skipped : playerWords.kept}</span>
      </Flip>
      {narrow ? <SpeedButton player={player} /> : <Speeds player={player} />}
      <Flip on={player.loop} look="btn icon loop" title={playerWords.loop}>
        <Icon name="loop" />
        <span class="unseen">{playerWords.loop}</span>
      </Flip>
      {children}
    </div>
  );
}
