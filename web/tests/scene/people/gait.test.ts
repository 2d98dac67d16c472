import { describe, expect, it } from "vitest";
import { pose } from "../../../../assets/people/poses/index.ts";
import { JOINT, JOINTS } from "../../../../assets/people/poses/joints.ts";
import { STRIDE } from "../../../../assets/people/poses/walking.ts";
import { SIZE } from "../../../../assets/people/skeleton.ts";
import { type Role, role } from "../../../src/scene/people/cast.ts";
import { swing, walks } from "../../../src/scene/people/gait.ts";
import { apart, NODES, place, route, SEATS } from "../../../src/scene/people/graph.ts";

const SITS = { clip: "read", seconds: 3 } as const;
const START = 1_795_450_000_000;
/** Somebody on a way of so many milliseconds, at a share of it. */
function at(from: string, to: string, took: number, time: number): Role {
  const out = { ...role(), share: 1, lean: 0 };
  walks(out, [from, to, START, START + took], { at: START + time }, { ...SITS }, { ...SITS });
  return out;
}
const took = (from: string, to: string) => 1500 + ((route(from, to)?.length ?? 0) / 1.4) * 1000;

/** Where a sole is: [ahead of the hips' place, over the floor], in metres, by the joints of one leg. */
function sole(joints: Float32Array, left: boolean): [number, number] {
  const j = (joint: number) => joints[joint] ?? 0;
  const hip = j(JOINT.hipRx) + j(left ? JOINT.thighL : JOINT.thighR);
  const knee = hip + j(left ? JOINT.shinL : JOINT.shinR);
  const ahead = j(JOINT.hipZ) - 0.26 * Math.sin(hip) - 0.29 * Math.sin(knee);
  const up = j(JOINT.hipY) - 0.26 * Math.cos(hip) - 0.29 * Math.cos(knee);
  return [ahead * SIZE, up * SIZE];
}

describe("a walk", () => {
  it("never slides: a foot that stands stays within a centimetre while the body goes on", () => {
    for (const left of [true, false]) {
      let planted: number | undefined;
      for (let metres = 0; metres < 4; metres += 0.01) {
        const [ahead, up] = sole(pose(new Float32Array(JOINTS), "walk", (metres / STRIDE) * 2 * Math.PI, 4), left);
        expect(up).toBeGreaterThan(-0.005);
        if (up > 0.004) planted = undefined;
        else planted ??= metres + ahead;
        if (planted !== undefined) expect(Math.abs(metres + ahead - planted)).toBeLessThan(0.01);
      }
    }
  });

  it("always has a foot on the floor", () => {
    for (let turn = 0; turn < 7; turn += 0.02) {
      const joints = pose(new Float32Array(JOINTS), "walk", turn, 4);
      expect(Math.min(sole(joints, true)[1], sole(joints, false)[1])).toBeLessThan(0.006);
    }
  });

  it("has a whole number of steps, about as long as a stride says", () => {
    for (const length of [1.5, 3.2, 4.4, 9.7]) {
      const steps = swing(length, length) / Math.PI;
      expect(steps).toBeCloseTo(Math.round(steps));
      expect(Math.abs(length / steps - STRIDE / 2)).toBeLessThan(0.13);
    }
  });
});

describe("getting from place to place", () => {
  const ways = [...SEATS.keys()].flatMap((seat) => [...NODES.keys()].filter((name) => place(name)).map((to) => [seat, to] as const));

  it("goes without a jump, from the seat to the place, at no more than a brisk pace", () => {
    for (const [from, to] of ways) {
      const whole = took(from, to);
      let [last, most] = [at(from, to, whole, 0), 0];
      for (let time = 32; time < whole; time += 32) {
        const next = at(from, to, whole, time);
        most = Math.max(most, apart(last, next));
        last = next;
      }
      expect(most, `${from} to ${to}`).toBeLessThan(0.09);
      expect(apart(last, NODES.get(to) ?? last)).toBeLessThan(0.05);
    }
  });

  it("is the same way backwards: who is called back turns round where they are", () => {
    for (const [from, to] of ways) {
      const whole = took(from, to);
      for (const share of [0.05, 0.2, 0.5, 0.8, 0.97]) {
        const [there, back] = [at(from, to, whole, whole * share), at(to, from, whole, whole * (1 - share))];
        expect(apart(there, back), `${from} to ${to} at ${share}`).toBeLessThan(0.02);
      }
    }
  });

  it("gets up from what one did and sits down to what one will do", () => {
    const whole = took("desk-2", "couch-1");
    expect(at("desk-2", "couch-1", whole, 0)).toMatchObject({ clip: "poise", from: "read", share: 0 });
    expect(at("desk-2", "couch-1", whole, whole / 2)).toMatchObject({ clip: "walk", share: 1 });
    const last = at("desk-2", "couch-1", whole, whole - 1);
    expect(last).toMatchObject({ clip: "read", from: "poise" });
    expect(last.share).toBeGreaterThan(0.99);
  });

  it("leans forward while one gets up or sits down, and not on the way", () => {
    const whole = took("desk-2", "couch-1");
    expect(at("desk-2", "couch-1", whole, 300).lean).toBeGreaterThan(0.2);
    expect(at("desk-2", "couch-1", whole, whole / 2).lean).toBe(0);
  });
});
