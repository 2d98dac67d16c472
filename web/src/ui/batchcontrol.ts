/** Pausing, resuming, cancelling and retrying a batch: what was asked and is on its way, and what went wrong. */
import { useState } from "preact/hooks";
import type { Control } from "../net/api.ts";
import { useApp } from "./app.ts";
import { failureWords } from "./trouble.ts";

export interface ControlAsk {
  readonly asked: Control | undefined;
  readonly trouble: string | undefined;
  readonly ask: (what: Control) => void;
}

export function useControl(id: string): ControlAsk {
  const { api } = useApp();
  const [asked, setAsked] = useState<Control>();
  const [trouble, setTrouble] = useState<string>();
  function ask(what: Control): void {
    setTrouble(undefined);
    setAsked(what);
    api
      .control(id, what)
      .catch((error: unknown) => setTrouble(failureWords(error)))
      .finally(() => setAsked(undefined));
  }
  return { asked, trouble, ask };
}
