// @vitest-environment happy-dom
import { signal } from "@preact/signals";
import { describe, expect, it } from "vitest";
import { Problem } from "../../src/net/http.ts";
import { createPeople, type People } from "../../src/net/people.ts";
import { AccountPanel } from "../../src/ui/account/panel.tsx";
import { type App, AppContext } from "../../src/ui/app.ts";
import { SignIn } from "../../src/ui/signin.tsx";
import { letterOfHash, refusalOfHash } from "../../src/ui/token.ts";
import { NOW, page } from "./page.tsx";

const ME = { office: "juniper", role: "owner", scopes: ["read", "submit", "control", "admin"], email: "ada@example.org", offices: [] };

function people(asked: unknown[][], answers: Partial<People> = {}): People {
  const note =
    (name: string, answer: unknown) =>
    (...args: unknown[]) => {
      asked.push([name, ...args]);
      return Promise.resolve(answer);
    };
  const fallback = {
    ways: note("ways", { hosted: true, email: true }),
    ask: note("ask", undefined),
    enter: note("enter", undefined),
    me: note("me", ME),
    move: note("move", undefined),
    leave: note("leave", undefined),
    leaveAll: note("leaveAll", undefined),
    visits: note("visits", [
      { id: "s1", label: "Firefox", created: NOW, current: true },
      { id: "s2", label: "Chromium", created: NOW, used: NOW, current: false },
    ]),
    end: note("end", undefined),
    tokens: note("tokens", [{ id: "t1", label: "ci", scopes: ["read"] }]),
    makeToken: note("makeToken", "tds_new"),
    revoke: note("revoke", undefined),
    staff: note("staff", {
      members: [
        { id: "p1", email: "ada@example.org", role: "owner", you: true },
        { id: "p2", email: "bob@example.org", role: "viewer", you: false },
      ],
      invited: [{ id: "l1", email: "cy@example.org", role: "operator", you: false }],
    }),
    invite: note("invite", undefined),
    assign: note("assign", undefined),
    remove: note("remove", undefined),
  };
  const [letter, refused] = [signal<string | undefined>(undefined), signal<string | undefined>(undefined)];
  return { letter, refused, openidUrl: "/api/v1/signin/openid", ...fallback, ...answers } as People;
}

async function shown(part: preact.JSX.Element, who: People, mode: "hosted" | "local" = "hosted") {
  const bare = await page(<i />);
  const app: App = { ...bare.app, people: who, account: signal({ tier: "pro", mode }) };
  const here = await page(<AppContext.Provider value={app}>{part}</AppContext.Provider>, {}, app);
  await here.settle(); // who it is, and then what is theirs
  await here.settle();
  return here;
}

describe("signing in to a hosted server", () => {
  it("sends a link, and says so without saying whether the address is known", async () => {
    const asked: unknown[][] = [];
    const here = await shown(<SignIn />, people(asked));
    expect(here.text("h1")).toBe("Sign in");
    await here.type("input[type=email]", " ada@example.org ");
    await here.press("Send me a link");
    expect(asked).toContainEqual(["ask", "ada@example.org"]);
    expect(here.text("h1")).toBe("Check your mail");
    expect(here.text("[role=status]")).toContain("If ada@example.org can sign in here");
    await here.press("Use another address");
    expect(here.text("h1")).toBe("Sign in");
  });

  it("says in the server's words why no link was sent", async () => {
    const refused = new Problem(429, "too_many_attempts", "Tried too often", "come back in 60 s");
    const here = await shown(<SignIn />, people([], { ask: () => Promise.reject(refused) }));
    await here.type("input[type=email]", "ada@example.org");
    await here.press("Send me a link");
    expect(here.text("[role=alert]")).toBe("come back in 60 s");
  });

  it("uses a link by a press, and not before", async () => {
    const asked: unknown[][] = [];
    const who = people(asked);
    who.letter.value = "tdl_secret";
    const here = await shown(<SignIn />, who);
    expect(here.text("h1")).toBe("You opened a link to sign in.");
    expect(asked.filter(([name]) => name === "enter")).toEqual([]);
    await here.press("Sign in");
    expect(asked).toContainEqual(["enter", "tdl_secret"]);
    expect(who.letter.value).toBeUndefined();
  });

  it("offers a new link where this one was used", async () => {
    const spent = new Problem(401, "letter_ended", "This link works no longer", "used");
    const who = people([], { enter: () => Promise.reject(spent) });
    who.letter.value = "tdl_old";
    const here = await shown(<SignIn />, who);
    await here.press("Sign in");
    expect(here.text("[role=alert]")).toBe("This link was used or is too old.");
    await here.press("Get a new link");
    expect(here.text("h1")).toBe("Sign in");
  });

  it("is by the printed address on one's own server, and by a token where one has it", async () => {
    const local = await shown(<SignIn />, people([], { ways: () => Promise.resolve({ hosted: false, email: false }) }));
    expect(local.text("h1")).toBe("This office needs its key.");
    const hosted = await shown(<SignIn />, people([]));
    await hosted.press("Sign in with a token");
    expect(hosted.text("h1")).toBe("This office needs its key.");
  });

  it("is by a provider where there is one, by mail as well, or by it alone", async () => {
    const both = await shown(<SignIn />, people([], { ways: () => Promise.resolve({ hosted: true, email: true, openid: "Acme" }) }));
    expect(both.all("a.btn").map((link) => [link.textContent, link.getAttribute("href")])).toEqual([
      ["Sign in with Acme", "/api/v1/signin/openid"],
    ]);
    expect(both.all("form")).toHaveLength(1);
    expect(both.all("button.primary")).toHaveLength(0);
    const alone = await shown(<SignIn />, people([], { ways: () => Promise.resolve({ hosted: true, email: false, openid: "Acme" }) }));
    expect(alone.all("form")).toHaveLength(0);
    expect(alone.element.textContent).not.toContain("sends no mail");
  });

  it.each([
    ["letter", "open the letter that was just sent to it"],
    ["closed", "Ask for an invitation"],
    ["anything", "That did not work. Try again."],
  ])("says why somebody came back from the provider as a stranger (%s)", async (why, sentence) => {
    const who = people([]);
    who.refused.value = why;
    const here = await shown(<SignIn />, who);
    expect(here.text("[role=alert]")).toContain(sentence);
  });

  it("finds that reason in the address", () => {
    expect(refusalOfHash("#signin-failed=expired")).toBe("expired");
    expect(letterOfHash("#signin-failed=expired")).toBeUndefined();
    expect(refusalOfHash("#signin=tdl_x")).toBeUndefined();
  });

  it("finds a link's secret in the address", () => {
    expect(letterOfHash("#signin=tdl_a-b_c")).toBe("tdl_a-b_c");
    expect(letterOfHash("#token=tds_x")).toBeUndefined();
  });
});

describe("the account panel", () => {
  it("lists sessions, and ends one or all", async () => {
    const asked: unknown[][] = [];
    let reloads = 0;
    const here = await shown(<AccountPanel reload={() => (reloads += 1)} />, people(asked));
    expect(here.text(".account-head p")).toBe("ada@example.org, Owner");
    await here.press("Sign out there");
    expect(asked).toContainEqual(["end", "s2"]);
    await here.press("Sign out everywhere");
    expect(asked.some(([name]) => name === "leaveAll")).toBe(false);
    await here.press("Sign out everywhere?");
    expect(asked.some(([name]) => name === "leaveAll")).toBe(true);
    expect(reloads).toBe(1);
  });

  it("shows a new token once", async () => {
    const asked: unknown[][] = [];
    const here = await shown(<AccountPanel reload={() => undefined} />, people(asked));
    await here.type('input[placeholder="What it is for"]', "ci");
    await here.press("Make a token");
    expect(asked).toContainEqual(["makeToken", "ci", ["read", "submit"]]);
    expect(here.element.querySelector<HTMLInputElement>(".account-made input")?.value).toBe("tds_new");
    expect(here.text(".account-made")).toContain("shown this once");
  });

  it("lets owners invite, assign and remove", async () => {
    const asked: unknown[][] = [];
    const here = await shown(<AccountPanel reload={() => undefined} />, people(asked));
    await here.type('select[aria-label="Role of bob@example.org"]', "operator");
    expect(asked).toContainEqual(["assign", "p2", "operator"]);
    await here.type('input[aria-label="E-mail address of somebody new"]', "dee@example.org");
    await here.press("Invite");
    expect(asked).toContainEqual(["invite", "dee@example.org", "viewer"]);
    await here.press("Remove");
    await here.press("Remove bob@example.org?");
    expect(asked).toContainEqual(["remove", "p2"]);
  });

  it("shows a viewer neither tokens nor a way to change members", async () => {
    const me = { ...ME, role: "viewer", scopes: ["read"] };
    const here = await shown(<AccountPanel reload={() => undefined} />, people([], { me: () => Promise.resolve(me) }));
    expect(here.all("h2").map((head) => head.textContent)).toEqual(["Plan", "Members", "Where you are signed in"]);
    expect(here.all("select, form")).toEqual([]);
  });

  it("goes to another office that one belongs to", async () => {
    const asked: unknown[][] = [];
    const offices = [
      { id: "juniper", name: "Juniper", role: "owner" },
      { id: "acme", name: "Acme", role: "viewer" },
    ];
    const here = await shown(<AccountPanel reload={() => undefined} />, people(asked, { me: () => Promise.resolve({ ...ME, offices }) }));
    await here.press("Go to Acme");
    expect(asked).toContainEqual(["move", "acme"]);
  });
});

describe("the settings of a machine of one's own", () => {
  it("are keys, webhooks and tokens, and nothing of a plan or of people", async () => {
    const { email: _, ...me } = ME;
    const tokens = () =>
      Promise.resolve([
        { id: "t1", label: "local owner", scopes: ["read", "house"] },
        { id: "t2", label: "ci", scopes: ["read"] },
      ]);
    const who = people([], { me: () => Promise.resolve(me), tokens });
    const here = await shown(<AccountPanel reload={() => undefined} />, who, "local");
    expect(here.all(".account-row").map((row) => row.querySelector("button")?.textContent)).toEqual([undefined, "Revoke"]);
    expect(here.text("h1")).toBe("Settings");
    expect(here.all("h2").map((head) => head.textContent)).toEqual(["Own keys", "Webhooks", "API tokens"]);
    expect(here.text(".account-head")).toContain("This office is on a machine of your own.");
  });
});

describe("requests about people", () => {
  it("are those of the interface", async () => {
    const sent: unknown[] = [];
    let entered = 0;
    const answers: Record<string, unknown> = {
      "/signin": { mode: "hosted", email: true, openid: { name: "Acme" } },
      "/session": { ...ME, mode: "hosted", signed: true },
      "/tokens": { token: "tds_x" },
      "/members": { items: [{ id: "p1", email: "a@b.co", role: "owner", since: "2026-11-18T11:06:40.000Z", you: true }], invited: [] },
    };
    const ask = (path: string, what?: unknown) => {
      sent.push([path, what]);
      return Promise.resolve(answers[path]);
    };
    const who = createPeople({ ask }, () => (entered += 1));
    expect(await who.ways()).toEqual({ hosted: true, email: true, openid: "Acme" });
    expect(who.openidUrl).toBe("/api/v1/signin/openid");
    await who.enter("tdl_x");
    expect(entered).toBe(1);
    expect((await who.me()).email).toBe("ada@example.org");
    expect(await who.makeToken("ci", ["read"])).toBe("tds_x");
    expect((await who.staff()).members[0]?.you).toBe(true);
    await who.remove("p1");
    expect(sent).toContainEqual(["/session", { method: "POST", json: { letter: "tdl_x" } }]);
    expect(sent).toContainEqual(["/members/p1", { method: "DELETE" }]);
  });
});
