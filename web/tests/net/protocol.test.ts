import { describe, expect, it } from "vitest";
import { parse } from "../../src/net/protocol.ts";
import { ReadError } from "../../src/net/read.ts";
import { office, withDesk } from "../office.ts";

const GOOD = [
  { type: "hello", office: "juniper", epoch: 4, seq: 9, now: 1, hz: 10, role: "owner", view: "full" },
  { type: "keyframe", seq: 9, tick: 1, now: 5, state: office() },
  { type: "diff", seq: 10, tick: 2, patch: { queue: { waiting: 1, blocked: null } } },
  { type: "resumed", from: 1, to: 3 },
  { type: "clock", now: 1, seq: 2 },
  { type: "viewers", count: 3 },
  { type: "restart", retry: 500 },
];

function keyframe(state: unknown): string {
  return JSON.stringify({ type: "keyframe", seq: 1, tick: 1, now: 1, state });
}

describe("parse", () => {
  it.each(GOOD)("reads $type", (message) => {
    expect(parse(JSON.stringify(message))).toEqual(message);
  });

  it.each([
    ["no JSON", "{", "expected JSON"],
    ["a list", "[]", "expected an object, got a list"],
    ["no type", "{}", "message.type"],
    ["an unknown type", '{"type":"move"}', "message.type"],
    ["a seq that is no number", '{"type":"clock","now":1,"seq":"2"}', "clock.seq: expected a whole number, got string 2"],
    ["half a millisecond", '{"type":"clock","now":1.5,"seq":2}', "clock.now"],
    ["a patch that is a list", '{"type":"diff","seq":1,"tick":1,"patch":[]}', "diff.patch"],
    ["a state without desks", keyframe({ ...office(), desks: undefined }), "desks: expected an object"],
    ["a state with nine desks", keyframe({ ...office(), desks: { ...office().desks, 9: undefined } }), "desks.9"],
    ["an activity that is none", keyframe(withDesk(office(), 3, { activity: "dancing" as "idle" })), "desks.3.activity"],
  ])("refuses %s and says where", (_what, data, says) => {
    expect(() => parse(data)).toThrow(ReadError);
    expect(() => parse(data)).toThrow(says);
  });

  it("refuses binary messages", () => {
    expect(() => parse(new ArrayBuffer(2))).toThrow("message: expected text");
  });
});
