import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ReadError } from "../../../src/net/read.ts";
import { droppedSource, isRecording, onRecording } from "../../../src/ui/play/drop.ts";

const GOLDEN = new URL("../../../../tests/contract/recordings/whole.tendesks", import.meta.url);

function dropping(...names: readonly string[]): { readonly event: Event; readonly files: readonly File[] } {
  const files = names.map((name) => new File(["x"], name));
  const event = new Event("drop", { cancelable: true });
  Object.defineProperty(event, "dataTransfer", { value: { files, types: ["Files"] } });
  return { event, files };
}

describe("files that are dropped", () => {
  it("are recordings by their name", () => {
    expect(["a.tendesks", "b.TENDESKS", "c.csv", "tendesks", "d.tendesks.zip"].map((name) => isRecording({ name }))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  it("are taken if they are one recording, and left alone if they are anything else", () => {
    const target = new EventTarget();
    const taken: string[] = [];
    const end = onRecording(target, (file) => taken.push(file.name));
    for (const names of [["a.tendesks"], ["list.csv"], ["a.tendesks", "b.tendesks"]]) {
      const { event } = dropping(...names);
      target.dispatchEvent(event);
      expect(event.defaultPrevented).toBe(names.length === 1 && names[0] === "a.tendesks");
    }
    end();
    target.dispatchEvent(dropping("late.tendesks").event);
    expect(taken).toEqual(["a.tendesks"]);
  });

  it("are read as sources", async () => {
    const source = droppedSource(new Blob([new Uint8Array(readFileSync(GOLDEN))]));
    expect((await source.about()).segments.length).toBeGreaterThan(2);
    expect(await source.segment(0)).toContain('"type":"keyframe"');
    await expect(droppedSource(new Blob(["no recording"])).about()).rejects.toBeInstanceOf(ReadError);
    const large = { size: 65 * 1024 * 1024, arrayBuffer: () => Promise.reject(new Error("it is not even read")) };
    await expect(droppedSource(large as unknown as Blob).about()).rejects.toBeInstanceOf(ReadError);
  });
});
