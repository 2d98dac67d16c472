/** What every part of the interface is handed: the office, the requests, what is looked at, and the server's time. */

import type { ReadonlySignal, Signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Account } from "../net/account.ts";
import type { Api } from "../net/api.ts";
import type { People } from "../net/people.ts";
import type { Stage } from "../scene/contract.ts";
import type { OfficeStore } from "../state/store.ts";
import type { Asked, Replay } from "./player/contract.ts";
import type { Purchase } from "./purchase.ts";
import type { Rights } from "./rights.ts";
import type { Draft } from "./submit/draft.ts";
import type { View } from "./view.ts";
import type { Kinds } from "./why.ts";

export interface App {
  readonly store: OfficeStore;
  readonly api: Api;
  readonly view: View;
  readonly draft: Draft;
  readonly account: ReadonlySignal<Account | undefined>;
  /** Of batches whose kind was asked for. */
  readonly kinds: ReadonlySignal<Kinds>;
  readonly stage: Signal<Stage | undefined>;
  readonly rights: Rights;
  /** Absent where nobody signs in: for guests, and for what is looked back at. */
  readonly people?: People | undefined;
  /** A plan that is being paid for elsewhere; absent where nobody can. */
  readonly purchase?: Purchase | undefined;
  /** Opens a recording; absent for those who may not look back. */
  readonly lookBack?: ((recording: string, asked?: Asked) => void) | undefined;
  /** The replay that is open: then all of this is of a moment of a recording. */
  readonly replay?: Replay | undefined;
  /** The moment that is shown, in milliseconds since the epoch: the server's time now, or that of a replay. */
  readonly now: () => number;
  /** Trades a token for a session and connects; says what went wrong, if anything. */
  readonly enter: (token: string) => Promise<string | undefined>;
  readonly refreshAccount: () => Promise<void>;
}

export const AppContext = createContext<App | undefined>(undefined);

export function useApp(): App {
  const app = useContext(AppContext);
  if (app === undefined) throw new Error("expected an AppContext above this part");
  return app;
}
