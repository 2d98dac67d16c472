/** A replay in the page: the player, where it came from, and how its moments are written into addresses. */
import type { Signal } from "@preact/signals";
import type { Source } from "../../replay/contract.ts";
import type { Player } from "../../replay/player.ts";
import type { App } from "../app.ts";

/** What an address asks for, as it is written there: `t` in seconds from the start, or milliseconds since 1970. */
export interface Asked {
  readonly t?: string | undefined;
  readonly speed?: string | undefined;
  /** A desk's place, 1 to 10. */
  readonly desk?: string | undefined;
  /** Whether it plays at once; unless said it does where no moment is asked for. */
  readonly playing?: boolean | undefined;
}

/** The address bar, or whatever stands for it. */
export interface Address {
  /** Puts the moment there. */
  write(asked: Asked): void;
  /** An address that opens the moment; absent where there can be none, as for a file. */
  link?(asked: Asked): string;
}

export type Side = "moments" | "office" | "save";

export interface Replay {
  readonly player: Player;
  readonly source: Source;
  readonly recording: string;
  readonly address: Address;
  /** What stands beside the replay while no other panel is open. */
  readonly side: Signal<Side>;
  /** Back to what happens now; absent where there is no live office. */
  readonly leave?: (() => void) | undefined;
}

/** A replay that was started: the page of it, until `close`. */
export interface Started {
  readonly app: App & { readonly replay: Replay };
  close(): void;
}
