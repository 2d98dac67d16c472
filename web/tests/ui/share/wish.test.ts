import { describe, expect, it } from "vitest";
import { link, shared, wishJson } from "../../../src/net/links.ts";
import { elementCode, FIRST, frameCode, ORIGINS_MAX, readOrigins, wishOf } from "../../../src/ui/share/wish.ts";

const NOW = Date.UTC(2026, 10, 30, 10);
const DAY = 86_400_000;

describe("what a link is wished to be", () => {
  it("shows names of batches for a week unless somebody chooses otherwise", () => {
    expect(wishOf(FIRST, undefined, NOW)).toEqual({ view: "batches", expires: NOW + 7 * DAY });
  });

  it("says all that was chosen, and its end as a moment", () => {
    const choice = { level: "titles", label: " Board meeting ", days: 1, card: true, lan: true, origins: "https://wiki.example" } as const;
    expect(wishJson(wishOf(choice, undefined, NOW))).toEqual({
      view: "titles",
      expires: "2026-12-01T10:00:00.000Z",
      label: "Board meeting",
      origins: ["https://wiki.example"],
      card: true,
      lan: true,
    });
  });

  it("shows results with the titles that are theirs", () => {
    expect(wishOf(FIRST, { batch: "b1", name: "Company research" }, NOW)).toMatchObject({ view: "titles", batch: "b1" });
  });

  it("shows a replay, or a stretch of it", () => {
    expect(wishOf(FIRST, { recording: "r1", name: "x" }, NOW)).toEqual({ view: "batches", expires: NOW + 7 * DAY, recording: "r1" });
    const stretch = { recording: "r1", name: "x", from: NOW - 2_000, to: NOW };
    expect(wishJson(wishOf(FIRST, stretch, NOW))).toMatchObject({ from: "2026-11-30T09:59:58.000Z", to: "2026-11-30T10:00:00.000Z" });
  });
});

describe("origins as typed", () => {
  it.each([
    ["", []],
    ["https://wiki.example", ["https://wiki.example"]],
    ["https://Wiki.example/ , http://127.0.0.1:8080", ["https://wiki.example", "http://127.0.0.1:8080"]],
    ["https://a.example\nhttps://a.example", ["https://a.example"]],
  ])("%o", (typed, origins) => {
    expect(readOrigins(typed)).toEqual({ origins });
  });

  it.each(["wiki.example", "https://a.example/path", "https://a.example?x", "javascript:alert(1)", "https://", "*"])(
    "refuses %o",
    (typed) => {
      expect(readOrigins(`https://ok.example ${typed}`)).toEqual({
        origins: [],
        wrong: `Expected an address such as https://wiki.example.org, got ${typed}`,
      });
    },
  );

  it("refuses more than the server takes", () => {
    const typed = Array.from({ length: ORIGINS_MAX + 1 }, (_, index) => `https://a${index}.example`).join(" ");
    expect(readOrigins(typed).wrong).toBe("Expected 20 addresses at most, got 21");
  });
});

describe("code to embed a link", () => {
  const URL = "https://desks.example/s/k7q#secret";

  it("as a frame goes to the page for frames", () => {
    expect(frameCode(URL)).toMatch(/^<iframe src="https:\/\/desks\.example\/embed\/k7q#secret" /);
    expect(frameCode(URL)).toContain('referrerpolicy="no-referrer"');
  });

  it("as an element takes the script from the same server", () => {
    expect(elementCode(URL)).toBe(
      `<script type="module" src="https://desks.example/element.js"></script>\n<ten-desks src="https://desks.example/s/k7q#secret"></ten-desks>`,
    );
  });
});

describe("a link as HTTP tells it", () => {
  const TOLD = { id: "k7q", view: "batches", created: "2026-11-30T09:00:00Z", expires: "2026-12-07T09:00:00Z", state: "live" };

  it("is read, what is absent left out", () => {
    expect(link({ ...TOLD, label: "Board", origins: ["https://a.example"], card: true, lan: false, viewers: 2 })).toMatchObject({
      label: "Board",
      expires: Date.UTC(2026, 11, 7, 9),
      origins: ["https://a.example"],
      card: true,
      lan: false,
      viewers: 2,
    });
    expect(link(TOLD)).toMatchObject({ label: undefined, recording: undefined, viewers: 0, origins: [] });
    expect(() => link({ ...TOLD, state: "odd" })).toThrow("link.state: expected live or expired or revoked, got string odd");
  });

  it("keeps its name and origins with another address", () => {
    const told = {
      id: "k7q",
      url: "https://desks.example/s/k7q#new",
      view: "batches",
      expires: TOLD.expires,
      old_until: "2026-11-30T10:00:00Z",
    };
    expect(shared(told, { label: "Board", origins: ["https://a.example"] })).toMatchObject({
      label: "Board",
      origins: ["https://a.example"],
      former: NOW,
    });
  });
});
