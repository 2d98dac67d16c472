import { describe, expect, it } from "vitest";
import * as numbers from "../../src/ui/numbers.ts";

const MIN = 60_000;
const HOUR = 60 * MIN;
/** A moment of the reader's own day, wherever the test is run. */
const at = (hour: number, minute: number, date = 23) => new Date(2026, 10, date, hour, minute).getTime();

describe("numbers", () => {
  it.each([
    [0, "0"],
    [999, "999"],
    [3_412, "3,412"],
    [1_000_000, "1,000,000"],
  ])("count %i is %s", (value, text) => {
    expect(numbers.count(value)).toBe(text);
  });

  it.each([
    [0, "0.0 s"],
    [420, "0.5 s"],
    [4_210, "4.3 s"],
    [12_001, "13 s"],
    [90_000, "90 s"],
    [600_000, "10 min"],
  ])("%i ms that were measured are %s", (ms, text) => {
    expect(numbers.measuredTime(ms)).toBe(text);
  });

  it("gives a number its noun", () => {
    expect(numbers.counted(1, "task", "tasks")).toBe("1 task");
    expect(numbers.counted(5_000, "task", "tasks")).toBe("5,000 tasks");
  });

  it.each([
    [7_000, "0:07"],
    [522_999, "8:42"],
    [3_849_000, "1:04:09"],
    [-5, "0:00"],
  ])("elapsed %i is %s", (ms, text) => {
    expect(numbers.elapsed(ms)).toBe(text);
  });

  it.each([
    [34 * MIN, 41 * MIN, "34–41 min"],
    [33.2 * MIN, 40.1 * MIN, "34–41 min"],
    [34 * MIN, 34 * MIN, "34 min"],
    [31_000, 47_000, "35–50 s"],
    [-10_000, 2_000, "5 s"],
    [50_000, 95_000, "1–2 min"],
    [2 * HOUR, 2.4 * HOUR, "2–2.5 h"],
    [99 * MIN, 99.5 * MIN, "99–100 min"],
    [49 * HOUR, 80 * HOUR, "3–4 days"],
  ])("a range from %i to %i ms is %s", (half, most, text) => {
    expect(numbers.range([1_000_000 + half, 1_000_000 + most], 1_000_000)).toBe(text);
  });

  it.each([
    [38_000, "40 s"],
    [170_000, "3 min"],
    [2.2 * HOUR, "2.5 h"],
  ])("about %i ms is %s", (ms, text) => {
    expect(numbers.about(ms)).toBe(text);
  });

  it("tells an estimate in minutes, never in seconds", () => {
    expect([0, 1, 34, 150].map(numbers.minutes)).toEqual(["1 min", "1 min", "34 min", "2.5 h"]);
  });

  it("says a clock time today and its day on any other", () => {
    expect(numbers.clockTime(at(15, 58))).toBe("15:58");
    expect(numbers.moment(at(9, 5), at(8, 0))).toBe("09:05");
    expect(numbers.moment(at(9, 5, 24), at(8, 0))).toBe("24 Nov, 09:05");
    expect(numbers.clockSeconds(at(9, 5) + 7_000)).toBe("09:05:07");
  });

  it("counts the quota's month by the server's calendar", () => {
    expect(numbers.utcDay(Date.UTC(2026, 11, 1))).toBe("1 Dec");
  });

  it.each([
    [186, "3.1 per min"],
    [42, "42 per hour"],
    [60, "1.0 per min"],
    [7_200, "120 per min"],
  ])("%i an hour is %s", (perhour, text) => {
    expect(numbers.rate(perhour)).toBe(text);
  });

  it.each([
    [340, "0.3 s"],
    [9_990, "9.9 s"],
    [12_400, "12 s"],
    [250_000, "4 min"],
  ])("an age of %i ms is %s", (ms, text) => {
    expect(numbers.age(ms)).toBe(text);
  });

  it("rounds a share down: 99.9 % is not done", () => {
    expect(numbers.percent(999)).toBe("99 %");
  });
});
