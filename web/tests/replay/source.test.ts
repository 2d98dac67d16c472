import { describe, expect, it } from "vitest";
import type { Ask } from "../../src/net/http.ts";
import { readRecorded, serverSource } from "../../src/replay/source.ts";

const TOLD = {
  id: "089g7xhpd0ex",
  started: "2026-11-30T10:40:10.692Z",
  seconds: 29.2,
  hz: 10,
  frames: 44,
  bytes: 2034,
  view: "batches",
  open: true,
  markers: [{ kind: "failed", at: 1_796_035_214_392, desk: 8 }],
  idle: [[1_796_035_217_092, 1_796_035_232_192]],
  segments: [
    { n: 1, start: "2026-11-30T10:40:39.892Z", end: "2026-11-30T10:40:44.600Z", first: 43, last: 43, frames: 1, bytes: 430 },
    { n: 0, start: "2026-11-30T10:40:10.692Z", end: "2026-11-30T10:40:39.892Z", first: 0, last: 43, frames: 44, bytes: 2034 },
  ],
};

function answering(answer: unknown) {
  const asked: Array<readonly [string, Ask | undefined]> = [];
  const http = {
    ask: async (path: string, what?: Ask) => {
      asked.push([path, what]);
      return answer;
    },
    text: async (path: string, what?: Ask) => {
      asked.push([path, what]);
      return "lines";
    },
  };
  return { http, asked };
}

describe("a recording of the server", () => {
  it("is read with moments in milliseconds, segments in the order of their starts", () => {
    const recorded = readRecorded(TOLD);
    expect(recorded).toMatchObject({ id: "089g7xhpd0ex", started: 1_796_035_210_692, hz: 10, live: true, view: "batches" });
    expect(recorded.segments.map(({ n }) => n)).toEqual([0, 1]);
    expect(recorded.segments[0]).toEqual({ n: 0, start: 1_796_035_210_692, end: 1_796_035_239_892, first: 0, last: 43, bytes: 2034 });
    expect(recorded.markers[0]).toEqual(TOLD.markers[0]);
  });

  it("is not made any more once no segment is open", () => {
    expect(readRecorded({ ...TOLD, open: false, ended: "2026-11-30T11:40:10Z" })).toMatchObject({ live: false, ended: 1_796_038_810_000 });
  });

  it("is locked to the stretch that the server says", () => {
    expect(readRecorded({ ...TOLD, from: "2026-11-30T10:40:11Z", to: "2026-11-30T10:40:12Z" })).toMatchObject({
      from: 1_796_035_211_000,
      to: 1_796_035_212_000,
    });
  });

  it.each([
    ["markers", [{ kind: "failed" }]],
    ["idle", [[1]]],
    ["segments", [{ n: 0 }]],
    ["view", "everything"],
    ["hz", "10"],
  ])("is refused where %s is wrong", (field, value) => {
    expect(() => readRecorded({ ...TOLD, [field]: value })).toThrow(/expected/);
  });

  it("names its view in every request for a segment, so that browsers keep them", async () => {
    const { http, asked } = answering(TOLD);
    const source = serverSource(http, "089g7xhpd0ex");
    await source.about();
    await source.segment(3);
    await source.open?.();
    expect(asked).toEqual([
      ["/recordings/089g7xhpd0ex", { query: { view: undefined } }],
      ["/recordings/089g7xhpd0ex/segments/3", { query: { view: "batches" } }],
      ["/recordings/089g7xhpd0ex/segments/open", { query: { view: "batches" } }],
    ]);
  });
});
