/** The golden frames that the simulation writes: the page makes of them exactly the state the server holds. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse, type ServerMessage } from "../src/net/protocol.ts";
import { accept, type Buffer, EMPTY } from "../src/state/buffer.ts";
import type { OfficeState } from "../src/state/office.ts";

interface Golden {
  readonly name: string;
  readonly office: string;
  readonly keyframe: unknown;
  readonly diffs: readonly unknown[];
  readonly final: OfficeState;
}

const FOLDER = new URL("../../tests/contract/golden/", import.meta.url);
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith(".json"));

function golden(file: string): Golden {
  return JSON.parse(readFileSync(new URL(file, FOLDER), "utf8")) as Golden;
}

function messages({ office, keyframe, diffs }: Golden): readonly ServerMessage[] {
  const hello = { type: "hello", office, epoch: 1, seq: 0, now: 0, hz: 10, role: "owner", view: "full" };
  return [hello, keyframe, ...diffs].map((message) => parse(JSON.stringify(message)));
}

function play(all: readonly ServerMessage[]): Buffer {
  return all.reduce((buffer, message) => {
    const outcome = accept(buffer, message);
    expect(outcome.kind, outcome.kind === "gap" ? outcome.why : "").not.toBe("gap");
    return outcome.buffer;
  }, EMPTY);
}

describe("golden frames", () => {
  it("are there", () => {
    expect(FILES.length).toBeGreaterThan(0);
  });

  it.each(FILES)("%s ends in the state the server holds", (file) => {
    const play1 = golden(file);
    expect(play(messages(play1)).base?.state).toEqual(play1.final);
  });

  it.each(FILES)("%s changes no state that was shown before", (file) => {
    const all = messages(golden(file));
    const first = all.find((message) => message.type === "keyframe");
    const before = JSON.stringify(first);
    play(all);
    expect(JSON.stringify(first)).toBe(before);
  });
});
