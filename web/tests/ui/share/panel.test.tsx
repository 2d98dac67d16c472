// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";
import { Problem } from "../../../src/net/http.ts";
import type { Link, Shared } from "../../../src/net/links.ts";
import { SharePanel } from "../../../src/ui/share/panel.tsx";
import { office } from "../../office.ts";
import { NOW, type Page, page } from "../page.tsx";

const DAY = 86_400_000;
const MADE: Shared = { id: "k7q", url: "http://127.0.0.1:8000/s/k7q#secret", label: "Board", origins: [], reach: "machine" };
const LINK: Link = {
  id: "k7q",
  label: "Board",
  view: "batches",
  state: "live",
  expires: NOW + 4 * DAY,
  origins: [],
  card: false,
  lan: false,
  viewers: 2,
};

async function open(answers: Parameters<typeof page>[1] = {}, part = <SharePanel />): Promise<Page> {
  const view = await page(part, { share: () => Promise.resolve(MADE), ...answers });
  await view.show(office());
  return view;
}

const choice = (view: Page) => view.all(".share-level").find((level) => level.classList.contains("on"))?.textContent;

describe("the share panel", () => {
  it("offers three levels, names of batches first, and a week", async () => {
    const view = await open();
    expect(view.all(".share-level b").map((name) => name.textContent)).toEqual(["Numbers", "Batch names", "Task titles"]);
    expect(choice(view)).toContain("Batch names");
    expect(view.all(".seg [aria-pressed=true]").map((days) => days.textContent)).toEqual(["7 days"]);
    expect(view.text(".share-list .nothing")).toBe("No links");
  });

  it("makes the link that was chosen, and shows its address this once", async () => {
    const view = await open();
    view.all(".share-level input")[2]?.click();
    await view.settle();
    await view.type(".share-whom input", "Board");
    await view.press("Ends in 30 days");
    view.element.querySelector("form")?.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
    await view.settle();
    expect(view.asked).toContainEqual(["share", { view: "titles", expires: NOW + 30 * DAY, label: "Board" }]);
    expect(view.text(".share-ready b")).toBe("Link for “Board” is ready");
    expect(view.element.querySelector<HTMLInputElement>(".share-ready input")?.value).toBe(MADE.url);
    expect(view.text(".share-ready p")).toBe("It works on this machine only.");
    expect(view.all(".share-embed")).toHaveLength(0);
  });

  it("shows how to embed a link that may be", async () => {
    const view = await open({ share: () => Promise.resolve({ ...MADE, origins: ["https://wiki.example"] }) });
    view.element.querySelector("form")?.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
    await view.settle();
    const codes = [...view.element.querySelectorAll<HTMLTextAreaElement>(".share-embed textarea")].map((field) => field.value);
    expect(codes.map((code) => code.slice(0, 8))).toEqual(["<script ", "<iframe "]);
  });

  it("says what is wrong with an origin, and makes no link meanwhile", async () => {
    const view = await open();
    await view.type(".share-origins input", "wiki.example");
    expect(view.text(".share-origins p")).toContain("got wiki.example");
    expect(view.all("button[disabled]").map((button) => button.textContent)).toEqual(["Make the link"]);
    view.element.querySelector("form")?.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
    await view.settle();
    expect(view.asked.filter(([name]) => name === "share")).toEqual([]);
  });

  it("says why no link was made", async () => {
    const refused = new Problem(403, "tier_required", "Not in this plan", "Starter has 5 links");
    const view = await open({ share: () => Promise.reject(refused) });
    view.element.querySelector("form")?.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
    await view.settle();
    expect(view.text("[role=alert]")).toBe("Starter has 5 links");
  });

  it("lists links with their watchers; those that were revoked are struck through and offer nothing", async () => {
    const over: Link = { ...LINK, id: "old", label: "Lobby", state: "revoked", revoked: NOW - 3_600_000, viewers: 0 };
    const replay: Link = { ...LINK, id: "r", label: undefined, recording: "r1", expires: NOW + 18 * 3_600_000, viewers: 0 };
    const results: Link = { ...LINK, id: "b", batch: "b1", view: "titles", state: "expired", expires: NOW - DAY, viewers: 0 };
    const view = await open({ links: () => Promise.resolve([LINK, replay, results, over]) });
    expect(view.all(".share-link .small.clip").map((line) => line.textContent)).toEqual([
      "Batch names, ends in 4 days",
      "Replay, batch names, ends in 18 hours",
      "Results, ended 22 Nov, 15:24",
      "Batch names, revoked 14:24",
    ]);
    expect(view.all(".share-link b").map((name) => name.textContent)).toEqual(["Board", "Without a name"]);
    expect(view.all(".share-link s").map((name) => name.textContent)).toEqual(["Board", "Lobby"]);
    expect(view.all(".share-link.over button")).toHaveLength(0);
    expect(view.text(".share-list .between .dim")).toBe("2 open, 2 watching");
    expect(view.text(".share-viewers .unseen")).toBe("2 watching now");
  });

  it("asks once more in place before it sends people away", async () => {
    const view = await open({ links: () => Promise.resolve([LINK]) });
    await view.press("Revoke");
    expect(view.asked.some(([name]) => name === "revoke")).toBe(false);
    const before = view.asked.filter(([name]) => name === "links").length;
    await view.press("Send 2 away?");
    expect(view.asked).toContainEqual(["revoke", "k7q"]);
    expect(view.asked.filter(([name]) => name === "links").length).toBeGreaterThan(before);
  });

  it("shows another address, and until when the one before works", async () => {
    const rotate = () => Promise.resolve({ ...MADE, url: "http://127.0.0.1:8000/s/k7q#other", former: NOW + 3_600_000 });
    const view = await open({ links: () => Promise.resolve([LINK]), rotate });
    await view.press("New address");
    await view.press("Replace it?");
    expect(view.asked.find(([name]) => name === "rotate")?.[2]).toBe(3_600);
    expect(view.text(".share-ready p")).toContain("The address before it works until 16:24.");
  });

  it("shares results and replays as what they are", async () => {
    const results = await open({}, <SharePanel subject={{ batch: "b1", name: "Company research" }} />);
    expect(results.text("h1")).toBe("Share these results");
    expect(results.all(".share-levels")).toHaveLength(0);
    await results.press("Share the whole office instead");
    expect(results.app.view.panel.value).toEqual({ kind: "share" });
    const replay = await open({}, <SharePanel subject={{ recording: "r1", name: "16 Nov, 10:05" }} />);
    expect(replay.text("header p")).toContain("look back at 16 Nov, 10:05");
  });

  it("offers the local network in local mode alone", async () => {
    const local = await open();
    expect(local.element.textContent).toContain("For other devices in this network too");
  });
});
