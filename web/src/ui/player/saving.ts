/** One moving picture on its way: ordered, looked after, done or called off. It goes on while its panel is closed. */
import { type ReadonlySignal, signal } from "@preact/signals";
import { Problem } from "../../net/http.ts";
import type { Picture, PictureFormat, Pictures, PictureWish } from "../../net/pictures.ts";
import { saveWords } from "./savewords.ts";

const LOOK_MS = 500;
/** Nobody answers for a while: it is asked again less often. */
const LATER_MS = 3_000;

export type Stage =
  | { readonly kind: "none" }
  | { readonly kind: "making"; readonly format: PictureFormat; readonly waiting: boolean; readonly permille: number }
  | { readonly kind: "done"; readonly format: PictureFormat; readonly id: string; readonly bytes: number }
  | { readonly kind: "failed"; readonly reason: string };

export interface Saving {
  readonly stage: ReadonlySignal<Stage>;
  start(wish: PictureWish): Promise<void>;
  /** Ends the making of it, or forgets the one that is done. */
  cancel(): void;
}

export interface Timers {
  set(after: () => void, ms: number): number;
  clear(id: number): void;
}

function reasonOf(error: unknown): string {
  return error instanceof Problem ? (error.detail ?? error.title) : saveWords.unreachable;
}

function stageOf(format: PictureFormat, { id, state, permille, bytes, reason }: Picture): Stage {
  if (state === "done") return { kind: "done", format, id, bytes: bytes ?? 0 };
  if (state === "failed") return { kind: "failed", reason: reason ?? saveWords.failed };
  return { kind: "making", format, waiting: state === "queued", permille };
}

export function createSaving(pictures: Pictures, recording: string, timers: Timers): Saving {
  const stage = signal<Stage>({ kind: "none" });
  let [turn, timer] = [0, 0];
  let made: string | undefined;

  function follow(mine: number, format: PictureFormat, picture: Picture): void {
    stage.value = stageOf(format, picture);
    if (stage.value.kind === "making") timer = timers.set(() => void look(mine, format, picture), LOOK_MS);
  }

  async function look(mine: number, format: PictureFormat, last: Picture): Promise<void> {
    try {
      const next = await pictures.picture(last.id);
      if (mine === turn) follow(mine, format, next);
    } catch (error) {
      if (mine !== turn) return;
      if (error instanceof Problem) stage.value = { kind: "failed", reason: reasonOf(error) };
      else timer = timers.set(() => void look(mine, format, last), LATER_MS);
    }
  }

  async function start(wish: PictureWish): Promise<void> {
    cancel();
    const mine = turn;
    stage.value = { kind: "making", format: wish.format, waiting: true, permille: 0 };
    try {
      const picture = await pictures.orderPicture(recording, wish);
      if (mine !== turn) return void pictures.dropPicture(picture.id).catch(() => undefined);
      made = picture.id;
      follow(mine, wish.format, picture);
    } catch (error) {
      if (mine === turn) stage.value = { kind: "failed", reason: reasonOf(error) };
    }
  }

  function cancel(): void {
    turn += 1;
    timers.clear(timer);
    if (made !== undefined) void pictures.dropPicture(made).catch(() => undefined);
    made = undefined;
    stage.value = { kind: "none" };
  }

  return { stage, start, cancel };
}
