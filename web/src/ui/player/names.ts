/** What the batches of a recording are called: markers name those that ended, the state those that are shown. */
import { useMemo, useRef } from "preact/hooks";
import type { Recorded } from "../../replay/contract.ts";
import { useApp } from "../app.ts";
import { batchName } from "../facts.ts";
import type { NameOf } from "./marks.ts";

/** A name once seen is kept, so the answer changes only where one comes to be known. */
export function useBatchNames(recorded: Recorded | undefined): NameOf {
  const { store } = useApp();
  const names = useRef(new Map<string, string>());
  for (const marker of recorded?.markers ?? []) {
    const [id, name] = [marker["batch"], marker["name"]];
    if (typeof id === "string" && typeof name === "string") names.current.set(id, name);
  }
  for (const [id, batch] of Object.entries(store.batches.value)) names.current.set(id, batchName(batch));
  const size = names.current.size;
  return useMemo(() => (id: string) => names.current.get(id), [size]);
}
