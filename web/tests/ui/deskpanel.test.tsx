// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";
import { Problem } from "../../src/net/http.ts";
import type { Desk } from "../../src/state/office.ts";
import { DeskPanel } from "../../src/ui/deskpanel.tsx";
import { office, withDesk } from "../office.ts";
import { NOW, page } from "./page.tsx";

const BATCH = { name: "Company research", state: "running", total: 300, done: 251, failed: 4, running: 10, order: 0 } as const;
const base = office({ batches: { b1: BATCH } });
const WORKING: Partial<Desk> = {
  activity: "working",
  since: NOW - 522_000,
  execution: "e1",
  task: "t1",
  batch: "b1",
  title: "Nordlicht Optik GmbH",
  note: "Reading the annual report",
  attempt: [2, 3],
  progress: [NOW, 740, 170_000, 1],
};

describe("the desk panel", () => {
  it("says who does what, how far and since when", async () => {
    const view = await page(<DeskPanel index={6} />);
    await view.show(withDesk(base, 6, WORKING));
    expect(view.text(".walk .dim")).toBe("Desk 7 of 10");
    expect(view.text(".who .title")).toBe("Nordlicht Optik GmbH");
    expect(view.text(".how-far .between")).toBe("Reading the annual report74 %");
    expect(view.all(".stat").map((stat) => stat.textContent)).toEqual(["8:42elapsed", "3 minleft, about", "2 of 3attempt"]);
  });

  it("says where progress is a guess", async () => {
    const view = await page(<DeskPanel index={6} />);
    await view.show(withDesk(base, 6, { ...WORKING, progress: [NOW, 740, 170_000, 0] }));
    expect(view.text(".how-far .between")).toContain("74 %, estimated");
    expect(view.all(".meter.guessed")).toHaveLength(1);
  });

  it("shows the log as it comes", async () => {
    const lines = [{ at: NOW, text: "open nordlicht-optik.de" }];
    const view = await page(<DeskPanel index={6} />, { log: () => Promise.resolve({ lines, next: 24, ended: false }) });
    await view.show(withDesk(base, 6, WORKING));
    expect(view.asked).toContainEqual(["log", "e1", 0]);
    expect(view.text(".line")).toBe("15:24:00 open nordlicht-optik.de");
  });

  it("says that there is no log", async () => {
    const log = () => Promise.reject(new Problem(404, "not_found", "Not found", undefined));
    const view = await page(<DeskPanel index={6} />, { log });
    await view.show(withDesk(base, 6, WORKING));
    expect(view.text(".log")).toBe("No log for this attempt.");
  });

  it("asks once more in place before it cancels", async () => {
    const view = await page(<DeskPanel index={6} />);
    await view.show(withDesk(base, 6, WORKING));
    await view.press("Cancel task");
    expect(view.asked.some(([name]) => name === "cancelTask")).toBe(false);
    await view.press("Cancel this task?");
    expect(view.asked).toContainEqual(["cancelTask", "t1"]);
    expect(view.text(".controls .btn")).toBe("Asked to stop");
  });

  it("says the server's reason when it refuses", async () => {
    const cancelTask = () => Promise.reject(new Problem(409, "already_ended", "Conflict", "The task has ended."));
    const view = await page(<DeskPanel index={6} />, { cancelTask });
    await view.show(withDesk(base, 6, WORKING));
    await view.press("Cancel task");
    await view.press("Cancel this task?");
    expect(view.text(".hint")).toBe("The task has ended.");
  });

  it("retries what failed for good, not what tries again by itself", async () => {
    const view = await page(<DeskPanel index={6} />);
    const failed = { ...WORKING, activity: "failed", reason: "unreachable" } as const;
    await view.show(withDesk(base, 6, failed));
    expect(view.text(".how-far b")).toBe("Site not reachable");
    await view.press("Retry");
    expect(view.asked).toContainEqual(["retryTask", "t1"]);
    const again = await page(<DeskPanel index={6} />);
    await again.show(withDesk(base, 6, { ...failed, until: NOW + 60_000 }));
    expect(again.text(".how-far b")).toBe("Site not reachable. Tries again 15:25");
    expect(again.all(".controls button[disabled]")).toHaveLength(2);
  });

  it.each<[Partial<Desk>, Parameters<typeof office>[0], string]>([
    [{ activity: "idle" }, { queue: { waiting: 3 } }, "Free. The next task starts here."],
    [{ activity: "idle" }, {}, "Free. Nothing waits."],
    [
      { activity: "idle" },
      { queue: { waiting: 3, blocked: "quota", until: Date.UTC(2026, 11, 1) } },
      "Free. Nothing starts now: waiting for quota, until 1 Dec.",
    ],
    [
      { activity: "idle" },
      { queue: { waiting: 3, blocked: "ratelimit", until: NOW + 7 * 60_000 } },
      "Free. Nothing starts now: the provider's limit is reached, waiting until 15:31.",
    ],
    [{ activity: "idle" }, { queue: { waiting: 3, blocked: "disk" } }, "Free. Nothing starts now: the disk is full."],
    [{ activity: "off" }, { office: { id: "j", tier: "starter", slots: 3, running: 0 } }, "Asleep. Starter runs 3 at a time."],
  ])("says of %o why nobody works there", async (desk, parts, text) => {
    const view = await page(<DeskPanel index={6} />);
    await view.show(withDesk(office(parts), 6, desk));
    expect(view.text(".lead")).toBe(text);
  });

  it("remembers what it saw at this desk", async () => {
    const view = await page(<DeskPanel index={6} />);
    await view.show(withDesk(base, 6, WORKING));
    await view.show(withDesk(base, 6, { ...WORKING, activity: "done", since: NOW }));
    expect(view.all(".before")).toHaveLength(0);
    await view.show(base);
    expect(view.text(".before li")).toBe("Nordlicht Optik GmbH8:4215:24");
  });
});
