/** What a screen reader hears of a replay: where one went, once one is there. While it plays it is quiet; the slider says the moment. */
import { useEffect, useState } from "preact/hooks";
import { useApp } from "../app.ts";
import { clockSeconds } from "../numbers.ts";
import type { Replay } from "./contract.ts";
import { playerWords } from "./words.ts";

/** Somebody who drags the knob hears where they let it go, not each place on the way. */
const SETTLED_MS = 600;

export function ReplayRegion({ replay }: { readonly replay: Replay }) {
  const { store } = useApp();
  const { player } = replay;
  const [text, setText] = useState("");
  const [turn, name] = [player.moved.value, store.office.value?.name];
  useEffect(() => {
    const timer = setTimeout(() => {
      const state = store.state.peek();
      if (player.playing.peek() || state === undefined) return;
      const clock = clockSeconds(player.shown.peek());
      const { say } = playerWords;
      setText(player.known.peek() ? say.at(clock, state.office.running, state.queue.waiting) : say.unknown(clock));
    }, SETTLED_MS);
    return () => clearTimeout(timer);
  }, [turn, player, store]);
  useEffect(() => {
    document.title = name === undefined ? playerWords.replay : playerWords.title(name);
  }, [name]);
  return (
    <div class="unseen" aria-live="polite" role="status">
      {text}
    </div>
  );
}
