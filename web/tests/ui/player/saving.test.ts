import { describe, expect, it } from "vitest";
import { Problem, Unreachable } from "../../../src/net/http.ts";
import { createPictures, type Picture, type Pictures, pictureUrl, recordingUrl } from "../../../src/net/pictures.ts";
import { saveWords } from "../../../src/ui/player/savewords.ts";
import { createSaving } from "../../../src/ui/player/saving.ts";

const WISH = { format: "gif", from: 1_000, to: 61_000, view: "batches", night: false, zone: 60 } as const;

function picture(state: Picture["state"], permille = 0, more: Partial<Picture> = {}): Picture {
  return { id: "e1", state, permille, ...more };
}

/** A server that answers one thing after the other, and timers that are moved by hand. */
function bench(...answers: ReadonlyArray<Picture | Error>) {
  const left = [...answers];
  const dropped: string[] = [];
  let due: (() => void) | undefined;
  const next = async (): Promise<Picture> => {
    const answer = left.shift();
    if (answer === undefined) throw new Error("nobody expected another question");
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const pictures: Pictures = {
    orderPicture: next,
    picture: next,
    dropPicture: async (id) => void dropped.push(id),
  };
  const timers = {
    set: (after: () => void) => {
      due = after;
      return 1;
    },
    clear: () => {
      due = undefined;
    },
  };
  const saving = createSaving(pictures, "r1", timers);
  const tick = async () => {
    const now = due;
    due = undefined;
    now?.();
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  };
  return { saving, dropped, tick, waits: () => due !== undefined };
}

describe("a moving picture that is saved", () => {
  it("waits, is painted and done", async () => {
    const { saving, tick, waits } = bench(picture("queued"), picture("running", 300), picture("done", 1000, { bytes: 70 }));
    expect(saving.stage.value).toEqual({ kind: "none" });
    await saving.start(WISH);
    expect(saving.stage.value).toEqual({ kind: "making", format: "gif", waiting: true, permille: 0 });
    await tick();
    expect(saving.stage.value).toEqual({ kind: "making", format: "gif", waiting: false, permille: 300 });
    await tick();
    expect(saving.stage.value).toEqual({ kind: "done", format: "gif", id: "e1", bytes: 70 });
    expect(waits()).toBe(false);
  });

  it("that is called off is deleted, and nothing more is asked of it", async () => {
    const { saving, dropped, waits } = bench(picture("running", 10));
    await saving.start(WISH);
    saving.cancel();
    expect(saving.stage.value).toEqual({ kind: "none" });
    expect(dropped).toEqual(["e1"]);
    expect(waits()).toBe(false);
  });

  it("that is called off before the server has answered is deleted when it has", async () => {
    const { saving, dropped } = bench(picture("queued"));
    const started = saving.start(WISH);
    saving.cancel();
    await started;
    expect(saving.stage.value).toEqual({ kind: "none" });
    expect(dropped).toEqual(["e1"]);
  });

  it("that cannot be made says why, in the server's words", async () => {
    const failed = bench(picture("running"), picture("failed", 20, { reason: "gif_bytes_max: too large" }));
    await failed.saving.start(WISH);
    await failed.tick();
    expect(failed.saving.stage.value).toEqual({ kind: "failed", reason: "gif_bytes_max: too large" });
    const refused = bench(new Problem(429, "too_many", "Too many at once", "two at most"));
    await refused.saving.start(WISH);
    expect(refused.saving.stage.value).toEqual({ kind: "failed", reason: "two at most" });
    const nobody = bench(new Unreachable("nobody"));
    await nobody.saving.start(WISH);
    expect(nobody.saving.stage.value).toEqual({ kind: "failed", reason: saveWords.unreachable });
  });

  it("is asked for again while nobody answers, and gone when the server knows it no more", async () => {
    const { saving, tick } = bench(
      picture("running", 5),
      new Unreachable("away"),
      picture("running", 9),
      new Problem(404, "not_found", "Not found", undefined),
    );
    await saving.start(WISH);
    await tick();
    expect(saving.stage.value).toMatchObject({ permille: 5 });
    await tick();
    expect(saving.stage.value).toMatchObject({ permille: 9 });
    await tick();
    expect(saving.stage.value).toEqual({ kind: "failed", reason: "Not found" });
  });

  it("is ordered as the interface has it", async () => {
    const asked: unknown[] = [];
    const http = {
      ask: async (...what: unknown[]) => {
        asked.push(what);
        return { id: "e1", state: "done", permille: 1000, bytes: 9 };
      },
    };
    const api = createPictures(http);
    expect(await api.orderPicture("r1", WISH)).toEqual({ id: "e1", state: "done", permille: 1000, bytes: 9, reason: undefined });
    await api.orderPicture("r1", { ...WISH, from: undefined, to: undefined });
    await api.dropPicture("e1");
    expect(asked[0]).toEqual([
      "/recordings/r1/exports",
      {
        method: "POST",
        json: { format: "gif", from: "1970-01-01T00:00:01.000Z", to: "1970-01-01T00:01:01.000Z", view: "batches", night: false, zone: 60 },
      },
    ]);
    expect(JSON.stringify(asked[1])).not.toContain("from");
    expect(asked[2]).toEqual(["/exports/e1", { method: "DELETE" }]);
    expect([pictureUrl("e1"), recordingUrl("r1", "batches")]).toEqual([
      "/api/v1/exports/e1/file",
      "/api/v1/recordings/r1/file?view=batches",
    ]);
  });
});
