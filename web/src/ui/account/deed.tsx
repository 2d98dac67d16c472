/** Something that is done with a press, and may be refused: busy while it is on its way, in words when it failed. */
import { useState } from "preact/hooks";
import { Problem } from "../../net/http.ts";
import { failureWords } from "../trouble.ts";

export interface Deed {
  readonly busy: boolean;
  readonly trouble: string | undefined;
  /** Does it; what depends on it is asked for anew afterwards. */
  run(deed: () => Promise<unknown>): void;
}

export function useDeed(after: () => void): Deed {
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string>();
  function run(deed: () => Promise<unknown>): void {
    setBusy(true);
    setTrouble(undefined);
    deed()
      .then(after)
      .catch((error: unknown) => setTrouble(error instanceof Problem && error.status < 500 ? error.message : failureWords(error)))
      .finally(() => setBusy(false));
  }
  return { busy, trouble, run };
}

export function Trouble({ trouble }: { readonly trouble: string | undefined }) {
  return trouble === undefined ? null : (
    <p class="red small" role="alert">
      {trouble}
    </p>
  );
}
