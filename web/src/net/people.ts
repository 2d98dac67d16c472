/** Requests about people: how one signs in, who one is, where else, by which tokens, and who belongs to the office. */
import { type Signal, signal } from "@preact/signals";
import { type Http, url } from "./http.ts";
import { flag, list, object, oneOf, optional, text, time } from "./read.ts";
import { page } from "./shapes.ts";

export const ROLES = ["owner", "operator", "viewer"] as const;
export const SCOPES = ["read", "submit", "control", "admin"] as const;
export type Role = (typeof ROLES)[number];
export type Scope = (typeof SCOPES)[number];

export interface Ways {
  readonly hosted: boolean;
  readonly email: boolean;
  /** What the provider is called by which one may sign in as well. */
  readonly openid?: string | undefined;
}

/** What one is in one office. */
export interface Place {
  readonly id: string;
  readonly name: string;
  readonly role: string;
}

export interface Me {
  readonly office: string;
  readonly role: string;
  readonly scopes: readonly string[];
  readonly email?: string | undefined;
  readonly offices: readonly Place[];
}

/** A session: one browser that is signed in. */
export interface Visit {
  readonly id: string;
  readonly label?: string | undefined;
  readonly used?: number | undefined;
  readonly created: number;
  readonly current: boolean;
}

export interface Token {
  readonly id: string;
  readonly label?: string | undefined;
  readonly scopes: readonly string[];
  readonly expires?: number | undefined;
  readonly used?: number | undefined;
  readonly email?: string | undefined;
}

export interface Member {
  readonly id: string;
  readonly email: string;
  readonly role: string;
  readonly you: boolean;
}

export interface Staff {
  readonly members: readonly Member[];
  readonly invited: readonly Member[];
}

export interface People {
  /** The secret of a one-time link that led here, until it is used: by a press, and by nothing else. */
  readonly letter: Signal<string | undefined>;
  /** Why somebody who came back from a provider is not signed in, in a word. */
  readonly refused: Signal<string | undefined>;
  /** Where the browser goes to sign in by the provider. */
  readonly openidUrl: string;
  ways(): Promise<Ways>;
  ask(email: string): Promise<void>;
  enter(letter: string): Promise<void>;
  me(): Promise<Me>;
  move(office: string): Promise<void>;
  leave(): Promise<void>;
  leaveAll(): Promise<void>;
  visits(): Promise<readonly Visit[]>;
  end(visit: string): Promise<void>;
  tokens(): Promise<readonly Token[]>;
  /** The token itself, which is told this once. */
  makeToken(label: string, scopes: readonly Scope[]): Promise<string>;
  revoke(token: string): Promise<void>;
  staff(): Promise<Staff>;
  invite(email: string, role: Role): Promise<void>;
  assign(member: string, role: Role): Promise<void>;
  remove(member: string): Promise<void>;
}

function words(value: unknown, where: string): readonly string[] {
  return list(value, where).map((word) => text(word, where));
}

function place(value: unknown): Place {
  const fields = object(value, "place");
  return { id: text(fields["id"], "place.id"), name: text(fields["name"], "place.name"), role: text(fields["role"], "place.role") };
}

function me(value: unknown): Me {
  const fields = object(value, "session");
  return {
    office: text(fields["office"], "session.office"),
    role: text(fields["role"], "session.role"),
    scopes: words(fields["scopes"], "session.scopes"),
    email: optional(fields["email"], text, "session.email"),
    offices: list(fields["offices"], "session.offices").map(place),
  };
}

function visit(value: unknown): Visit {
  const fields = object(value, "visit");
  return {
    id: text(fields["id"], "visit.id"),
    label: optional(fields["label"], text, "visit.label"),
    used: optional(fields["used"], time, "visit.used"),
    created: time(fields["created"], "visit.created"),
    current: flag(fields["current"]),
  };
}

function token(value: unknown): Token {
  const fields = object(value, "token");
  return {
    id: text(fields["id"], "token.id"),
    label: optional(fields["label"], text, "token.label"),
    scopes: words(fields["scopes"], "token.scopes"),
    expires: optional(fields["expires"], time, "token.expires"),
    used: optional(fields["used"], time, "token.used"),
    email: optional(fields["email"], text, "token.email"),
  };
}

function member(value: unknown): Member {
  const fields = object(value, "member");
  return {
    id: text(fields["id"], "member.id"),
    email: text(fields["email"], "member.email"),
    role: text(fields["role"], "member.role"),
    you: flag(fields["you"]),
  };
}

function staff(value: unknown): Staff {
  const fields = object(value, "members");
  return { members: list(fields["items"], "members.items").map(member), invited: list(fields["invited"], "members.invited").map(member) };
}

function ways(value: unknown): Ways {
  const fields = object(value, "ways");
  const openid = optional(fields["openid"], object, "ways.openid");
  return {
    hosted: oneOf(fields["mode"], ["local", "hosted"] as const, "ways.mode") === "hosted",
    email: flag(fields["email"]),
    openid: openid && text(openid["name"], "ways.openid.name"),
  };
}

/** @param entered called once a letter has become a session */
export function createPeople(http: Pick<Http, "ask">, entered: () => void): People {
  const drop = async (path: string) => void (await http.ask(path, { method: "DELETE" }));
  return {
    letter: signal(undefined),
    refused: signal(undefined),
    openidUrl: url("/signin/openid"),
    ways: async () => ways(await http.ask("/signin")),
    ask: async (email) => void (await http.ask("/signin", { method: "POST", json: { email } })),
    enter: async (letter) => {
      await http.ask("/session", { method: "POST", json: { letter } });
      entered();
    },
    me: async () => me(await http.ask("/session")),
    move: async (office) => void (await http.ask("/session", { method: "PATCH", json: { office } })),
    leave: () => drop("/session"),
    leaveAll: () => drop("/sessions"),
    visits: async () => page(await http.ask("/sessions"), visit).items,
    end: (id) => drop(`/sessions/${id}`),
    tokens: async () => page(await http.ask("/tokens"), token).items,
    makeToken: async (label, scopes) =>
      text(object(await http.ask("/tokens", { method: "POST", json: { label, scopes } }), "token")["token"], "token.token"),
    revoke: (id) => drop(`/tokens/${id}`),
    staff: async () => staff(await http.ask("/members")),
    invite: async (email, role) => void (await http.ask("/members", { method: "POST", json: { email, role } })),
    assign: async (id, role) => void (await http.ask(`/members/${id}`, { method: "PATCH", json: { role } })),
    remove: (id) => drop(`/members/${id}`),
  };
}
