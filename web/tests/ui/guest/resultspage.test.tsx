// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";
import type { Results, Rows } from "../../../src/guest/rows.ts";
import { Problem } from "../../../src/net/http.ts";
import type { BatchDetail, Task } from "../../../src/net/shapes.ts";
import { ResultsPage } from "../../../src/ui/guest/resultspage.tsx";
import { GUEST } from "../../../src/ui/rights.ts";
import { page } from "../page.tsx";

const ABOUT: BatchDetail = {
  id: "b1",
  name: "Company research",
  kind: "command",
  state: "done",
  total: 14,
  done: 13,
  failed: 1,
  cancelled: 0,
  running: 0,
  waiting: 0,
  order: 0,
  formats: ["csv", "ndjson", "json", "parquet"],
};
const TASKS: readonly Task[] = Array.from({ length: 14 }, (_, n) => ({
  id: `t${n}`,
  batch: "",
  title: `Firm ${n}`,
  state: n === 13 ? "failed" : "done",
  attempts: 1,
  input: { city: n === 5 ? "Utrecht" : "Oslo" },
  result: n === 13 ? undefined : { text: "fine" },
  reason: n === 13 ? "timeout" : undefined,
  executions: [],
}));

function held(rows: () => Promise<Rows> = () => Promise.resolve({ tasks: TASKS, cut: false })): Results {
  return {
    about: () => Promise.resolve(ABOUT),
    rows,
    file: () => Promise.reject(new Problem(404, "link_ended", "This link has ended", undefined)),
  };
}

const open = (results: Results) => page(<ResultsPage results={results} name={undefined} />, {}, undefined, GUEST);
const titles = (all: readonly HTMLElement[]) => all.map((cell) => cell.textContent);

describe("the page of a batch's results", () => {
  it("shows ten a page with what came of them, and no control", async () => {
    const view = await open(held());
    await view.settle();
    expect(view.text("h1")).toBe("Results of Company research");
    expect(view.text(".results-title .dim")).toBe("13 done, 1 failed");
    expect(view.all("tbody tr")).toHaveLength(10);
    await view.press("Next page");
    expect(titles(view.all("tbody .bare"))).toEqual(["Firm 10", "Firm 11", "Firm 12", "Firm 13"]);
    expect(view.text("td.red")).toBe("Timed out");
    view.all("tbody tr")[3]?.click();
    await view.settle();
    expect(view.text(".result-detail pre")).toContain("Oslo");
    expect(view.all(".result-detail button")).toHaveLength(0);
  });

  it("searches titles, inputs and results", async () => {
    const view = await open(held());
    await view.settle();
    await view.type("#search", "utrecht");
    expect(titles(view.all("tbody .bare"))).toEqual(["Firm 5"]);
    await view.type("#search", "nothing like it");
    expect(view.text(".nothing")).toBe("No result matches “nothing like it”");
  });

  it("says when not all are shown", async () => {
    const view = await open(held(() => Promise.resolve({ tasks: TASKS, cut: true })));
    await view.settle();
    expect(view.text(".results-find .honey")).toBe("The first 14 are shown and searched. A download has all.");
  });

  it("says why they did not come, and tries again", async () => {
    let tries = 0;
    const view = await open(
      held(() => {
        tries += 1;
        return tries === 1
          ? Promise.reject(new Problem(404, "link_ended", "This link has ended", undefined))
          : Promise.resolve({ tasks: TASKS, cut: false });
      }),
    );
    await view.settle();
    expect(view.text(".centred .dim")).toBe("This link has ended");
    await view.press("Try again");
    expect(view.all("tbody tr")).toHaveLength(10);
  });

  it("offers the files that the plan behind the link has", async () => {
    const files = async (about: BatchDetail) => {
      const view = await open({ ...held(), about: () => Promise.resolve(about) });
      await view.settle();
      return view.all(".results-files button").map((button) => button.textContent);
    };
    expect(await files(ABOUT)).toEqual(["CSV", "NDJSON", "JSON", "Parquet"]);
    expect(await files({ ...ABOUT, formats: ["json"] })).toEqual(["JSON"]);
    expect(await files({ ...ABOUT, formats: undefined })).toEqual(["JSON"]);
  });

  it("says why a file did not come", async () => {
    const view = await open(held());
    await view.settle();
    await view.press("CSV");
    expect(view.text(".results-files .red")).toBe("This link has ended");
  });
});
