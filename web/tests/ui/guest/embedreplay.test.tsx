// @vitest-environment happy-dom
import { signal } from "@preact/signals";
import { expect, it } from "vitest";
import type { Player } from "../../../src/replay/player.ts";
import { EmbedReplay } from "../../../src/ui/guest/embedreplay.tsx";
import { GuestContext } from "../../../src/ui/guest/guest.ts";
import { GUEST } from "../../../src/ui/rights.ts";
import { office } from "../../office.ts";
import { NOW, page } from "../page.tsx";

/** A player that notes where it was sent, on a recording of two minutes. */
function player() {
  const [position, playing] = [signal(NOW + 61_400), signal(false)];
  const turn = (on: boolean) => () => {
    playing.value = on;
  };
  const seek = (at: number) => {
    position.value = at;
  };
  const made = { bounds: signal([NOW, NOW + 120_000]), position, playing, play: turn(true), pause: turn(false), seek };
  return made as unknown as Player;
}

it("is the room, the mark and one line to play it by", async () => {
  const held = player();
  const guest = { view: "batches", crowded: signal(false), whole: "https://desks.example/s/k7q#secret" } as const;
  const part = (
    <GuestContext.Provider value={guest}>
      <EmbedReplay player={held} />
    </GuestContext.Provider>
  );
  const view = await page(part, {}, undefined, GUEST);
  await view.show(office());
  const line = view.element.querySelector<HTMLInputElement>(".embed-line input");
  expect([line?.min, line?.max, line?.value, line?.getAttribute("aria-valuetext")]).toEqual(["0", "120000", "61000", "1:01"]);
  await view.press("Play");
  expect(held.playing.value).toBe(true);
  await view.press("Pause");
  expect(held.playing.value).toBe(false);
  await view.type(".embed-line input", "90000");
  expect(held.position.value).toBe(NOW + 90_000);
  expect(view.element.querySelector("a")?.getAttribute("href")).toBe(guest.whole);
  expect(view.all("header, aside, nav")).toHaveLength(0);
});
