import { describe, expect, it } from "vitest";
import { CLIPS, pose } from "../../../../assets/people/poses/index.ts";
import { blended, JOINT, JOINTS, own } from "../../../../assets/people/poses/joints.ts";

const fresh = () => new Float32Array(JOINTS);
const moments = Array.from({ length: 90 }, (_, index) => index * 0.473);
const everyPose = function* () {
  for (const clip of CLIPS) for (const seconds of moments) for (const seed of [0, 3, 9]) yield { clip, seconds, seed };
};
const SEATED = new Set(["type", "think", "read", "phone", "sleep", "coffee", "stretch", "slump", "sit", "scan", "call", "wait"]);

describe("pose", () => {
  it("is a pure function of clip, time and seed, whatever stood in the array before", () => {
    for (const { clip, seconds, seed } of everyPose()) {
      const used = fresh().fill(7);
      expect(pose(used, clip, seconds, seed)).toEqual(pose(fresh(), clip, seconds, seed));
    }
  });

  it("keeps every joint within what a body can do", () => {
    for (const { clip, seconds, seed } of everyPose()) {
      const joints = pose(fresh(), clip, seconds, seed);
      const at = (joint: number) => joints[joint] ?? Number.NaN;
      const sound =
        joints.every((angle) => Math.abs(angle) <= Math.PI) &&
        [JOINT.shinL, JOINT.shinR].every((knee) => at(knee) >= 0) &&
        [JOINT.foreLx, JOINT.foreRx].every((elbow) => at(elbow) <= 0) &&
        [JOINT.eyes, JOINT.mouth, JOINT.brows].every((share) => at(share) >= 0 && at(share) <= 1);
      expect(sound, `${clip} of ${seed} after ${seconds} s: ${joints.join(" ")}`).toBe(true);
    }
  });

  it("seats those who sit at the chair's height and bends their knees", () => {
    for (const { clip, seconds, seed } of everyPose()) {
      if (!SEATED.has(clip)) continue;
      const joints = pose(fresh(), clip, seconds, seed);
      expect(joints[JOINT.hipY]).toBeLessThan(0.5);
      expect(joints[JOINT.thighL]).toBeLessThan(-1.2);
    }
  });

  it("moves between two moments of idle motion by little: nothing jerks", () => {
    for (const clip of CLIPS) {
      for (const seconds of moments) {
        const [before, after] = [pose(fresh(), clip, seconds, 4), pose(fresh(), clip, seconds + 1 / 60, 4)];
        const jerks = after.map((angle, joint) => (joint === JOINT.eyes ? 0 : Math.abs(angle - (before[joint] ?? 0))));
        expect(Math.max(...jerks), clip).toBeLessThan(0.16);
      }
    }
  });

  it("has nobody in unison: ten people who type differ, and blink at different moments", () => {
    const often = Array.from({ length: 1200 }, (_, index) => index * 0.05);
    const blinks = (seed: number) => often.map((seconds) => pose(fresh(), "type", seconds, seed)[JOINT.eyes]).join();
    const now = (seed: number) => Array.from(pose(fresh(), "type", 5, seed)).join();
    const people = Array.from({ length: 10 }, (_, seed) => seed);
    expect(new Set(people.map(blinks)).size).toBe(10);
    expect(new Set(people.map(now)).size).toBe(10);
  });

  it("shows the face of who failed: head up and turned to the viewer, mouth and brows down", () => {
    for (let seconds = 1; seconds < 5; seconds += 0.1) {
      const joints = pose(fresh(), "slump", seconds, 2);
      const tipped = (joints[JOINT.torsoRx] ?? 0) + (joints[JOINT.headRx] ?? 0);
      expect(tipped).toBeLessThan(0.35);
      expect(joints[JOINT.headRy]).toBeGreaterThan(0.15);
      expect(joints[JOINT.mouth]).toBe(1);
    }
  });

  it("sits again before a desk has said `done` for two seconds", () => {
    const hips = (seconds: number) => pose(fresh(), "cheer", seconds, 1)[JOINT.hipY] ?? 0;
    expect(hips(0)).toBeCloseTo(0.46);
    expect(hips(1)).toBeGreaterThan(0.5);
    expect(hips(2)).toBeCloseTo(0.46);
  });

  it("blends from the pose before to the new one and leaves it alone at the end", () => {
    const [from, to] = [pose(fresh(), "type", 1, 1), pose(fresh(), "cheer", 1, 1)];
    expect(blended(Float32Array.from(to), from, 0)).toEqual(from.map((angle) => angle + 0));
    expect(blended(Float32Array.from(to), from, 1)).toEqual(to);
    const middle = blended(Float32Array.from(to), from, 0.5);
    expect(middle[JOINT.hipY]).toBeCloseTo(((from[JOINT.hipY] ?? 0) + (to[JOINT.hipY] ?? 0)) / 2);
  });

  it("draws a person's own numbers from 0 to 1", () => {
    for (let seed = 0; seed < 50; seed++) {
      for (let salt = 0; salt < 10; salt++) {
        expect(own(seed, salt)).toBeGreaterThanOrEqual(0);
        expect(own(seed, salt)).toBeLessThan(1);
      }
    }
  });
});
