/** The account as HTTP tells of it: its plan, what of it is used, what is paid, how long things are kept, and when it ends. */
import type { Http } from "./http.ts";
import { flag, integer, number, object, oneOf, optional, ReadError, text, time } from "./read.ts";

const BILLING_STATES = ["none", "active", "past_due", "ending", "unpaid"] as const;
export type BillingState = (typeof BILLING_STATES)[number];

/** Whom to ask, and how many hours a first answer may take. */
export interface Support {
  readonly contact?: string | undefined;
  readonly hours?: number | undefined;
}

/** What is paid for. Moments are milliseconds since the epoch; those who may not pay are told the state alone. */
export interface Billing {
  readonly state: BillingState;
  readonly tier?: string | undefined;
  readonly renews?: number | undefined;
  readonly ends?: number | undefined;
  /** Until then the plan stays although a payment did not come. */
  readonly grace?: number | undefined;
}

export interface QuotaFacts {
  readonly used: number;
  readonly limit: number;
  readonly resets: number;
  readonly soft: boolean;
  readonly enforced: boolean;
}

/** In days; absent: as long as the plan keeps them, or until they are deleted. */
export interface Retention {
  readonly recordings?: number | undefined;
  readonly results?: number | undefined;
  /** So long the plan keeps recordings; absent where it has no limit. */
  readonly recordingsMax?: number | undefined;
}

export interface Account {
  readonly name?: string | undefined;
  readonly tier: string;
  readonly slots?: number | undefined;
  readonly mode?: string | undefined;
  readonly quota?: QuotaFacts | undefined;
  readonly support?: Support | undefined;
  /** Absent where nothing can be paid for. */
  readonly billing?: Billing | undefined;
  readonly retention?: Retention | undefined;
  /** When all of it is deleted, if somebody has asked for that. */
  readonly deletes?: number | undefined;
}

/** How long to keep what has ended, in days; null: as the plan has it. */
export type RetentionWish = Partial<Readonly<Record<"recordings" | "results", number | null>>>;

export interface Accounts {
  account(): Promise<Account>;
  /** In local mode alone. */
  switchTier(name: string): Promise<void>;
  /** Where a plan is paid for. */
  checkout(tier: string): Promise<string>;
  /** Where what is paid for is changed, and how. */
  portal(): Promise<string>;
  retain(wish: RetentionWish): Promise<void>;
  /** Says when all is gone. @param name of the account, as whoever deletes it typed it */
  deleteAccount(name: string): Promise<number>;
  keepAccount(): Promise<void>;
  /** Where all that the account has can be fetched as a file. */
  readonly accountUrl: string;
}

export function support(value: unknown, where: string): Support {
  const fields = object(value, where);
  return {
    contact: optional(fields["contact"], text, `${where}.contact`),
    hours: optional(fields["hours"], number, `${where}.hours`),
  };
}

function billing(value: unknown, where: string): Billing {
  const fields = object(value, where);
  return {
    state: oneOf(fields["state"], BILLING_STATES, `${where}.state`),
    tier: optional(fields["tier"], text, `${where}.tier`),
    renews: optional(fields["renews"], time, `${where}.renews`),
    ends: optional(fields["ends"], time, `${where}.ends`),
    grace: optional(fields["grace"], time, `${where}.grace`),
  };
}

function quota(value: unknown, where: string): QuotaFacts {
  const fields = object(value, where);
  return {
    used: integer(fields["used"], `${where}.used`),
    limit: integer(fields["limit"], `${where}.limit`),
    resets: time(fields["resets"], `${where}.resets`),
    soft: flag(fields["soft"]),
    enforced: flag(fields["enforced"]),
  };
}

function retention(value: unknown, where: string): Retention {
  const fields = object(value, where);
  return {
    recordings: optional(fields["recordings"], integer, `${where}.recordings`),
    results: optional(fields["results"], integer, `${where}.results`),
    recordingsMax: optional(fields["recordings_max"], integer, `${where}.recordings_max`),
  };
}

export function account(value: unknown): Account {
  const fields = object(value, "account");
  return {
    name: optional(fields["name"], text, "account.name"),
    tier: text(fields["tier"], "account.tier"),
    slots: optional(fields["slots"], integer, "account.slots"),
    mode: optional(fields["mode"], text, "account.mode"),
    quota: optional(fields["quota"], quota, "account.quota"),
    support: optional(fields["support"], support, "account.support"),
    billing: optional(fields["billing"], billing, "account.billing"),
    retention: optional(fields["retention"], retention, "account.retention"),
    deletes: optional(fields["deletes"], time, "account.deletes"),
  };
}

/** An address that the browser is sent to: of the web, and nothing that could be run. */
export function webAddress(value: unknown): string {
  const address = text(object(value, "address")["url"], "address.url");
  if (!/^https?:\/\//.test(address)) throw new ReadError(`address.url: expected one of the web, got ${address.slice(0, 40)}`);
  return address;
}

export function createAccounts(http: Pick<Http, "ask">): Accounts {
  const patch = async (json: unknown) => void (await http.ask("/account", { method: "PATCH", json }));
  return {
    account: async () => account(await http.ask("/account")),
    switchTier: (tier) => patch({ tier }),
    checkout: async (tier) => webAddress(await http.ask("/billing/checkout", { method: "POST", json: { tier } })),
    portal: async () => webAddress(await http.ask("/billing/portal", { method: "POST", json: {} })),
    retain: (wish) => patch({ retention: wish }),
    deleteAccount: async (confirm) =>
      time(object(await http.ask("/account", { method: "DELETE", json: { confirm } }), "deletion")["deletes"], "deletion.deletes"),
    keepAccount: async () => void (await http.ask("/account/keep", { method: "POST" })),
    accountUrl: "/api/v1/account/export",
  };
}
