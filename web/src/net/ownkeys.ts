/** Own keys as HTTP tells of them: all that ever comes back of one. */
import { object, oneOf, optional, text } from "./read.ts";

const STATES = ["ok", "undecryptable", "rejected"] as const;

export interface OwnKey {
  readonly provider: string;
  readonly base: string;
  readonly state: (typeof STATES)[number];
  /** Its last four characters; of a short one none. */
  readonly last?: string | undefined;
  /** Whether its provider has accepted it. */
  readonly checked: boolean;
}

/** A key as it is put in; without an address, that of a provider that everybody knows. */
export interface KeyWish {
  readonly provider: string;
  readonly key: string;
  readonly base?: string | undefined;
}

export function ownKey(value: unknown): OwnKey {
  const fields = object(value, "key");
  return {
    provider: text(fields["provider"], "key.provider"),
    base: text(fields["base"], "key.base"),
    state: oneOf(fields["state"], STATES, "key.state"),
    last: optional(fields["last"], text, "key.last"),
    checked: fields["checked"] !== undefined,
  };
}
