/** What a guest's page knows beside the office itself. */
import type { ReadonlySignal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { View } from "../../net/protocol.ts";

export interface Guest {
  /** How much of the office the link shows. */
  readonly view: View;
  /** The server let nobody else in when it was last asked. */
  readonly crowded: ReadonlySignal<boolean>;
  /** Where the page stands that is not in a frame, the link's secret in its fragment. */
  readonly whole: string;
}

export const GuestContext = createContext<Guest | undefined>(undefined);

export function useGuest(): Guest {
  const guest = useContext(GuestContext);
  if (guest === undefined) throw new Error("expected a GuestContext above this part");
  return guest;
}
