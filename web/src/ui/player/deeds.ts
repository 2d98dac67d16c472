/** Carries out what a key asked of a replay. */
import type { Replay } from "./contract.ts";
import type { ReplayDeed } from "./keys.ts";

const SECONDS_MS = 5_000;
const TENTH = 0.1;

export function toggle({ player }: Pick<Replay, "player">): void {
  if (player.playing.peek()) player.pause();
  else player.play();
}

export function performReplay(replay: Replay, deed: ReplayDeed): void {
  const { player, leave } = replay;
  const by = "direction" in deed ? deed.direction : 1;
  const deeds: Readonly<Record<ReplayDeed["do"], () => void>> = {
    play: () => toggle(replay),
    step: () => player.step(by),
    seconds: () => player.by(by * SECONDS_MS),
    tenth: () => player.share(by * TENTH),
    marker: () => player.marker(by),
    speed: () => player.faster(by),
    idle: () => {
      player.skipping.value = !player.skipping.peek();
    },
    live: () => leave?.(),
  };
  deeds[deed.do]();
}
