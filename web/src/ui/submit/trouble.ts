/** A refusal, said where it concerns: at the list, at the form, or by the button. */
import { Problem } from "../../net/http.ts";
import { failureWords } from "../trouble.ts";
import { words } from "../words.ts";

export interface Trouble {
  readonly at: "list" | "form" | "foot";
  readonly text: string;
}

const OF_THE_LIST = /^(Row \d|tasks\[|title: |key: |\S+ field )/;

/** @param kind what the order was: the server begins with its name what it says of its params */
export function troubleOf(error: unknown, kind: string): Trouble {
  const text = words.submit.noRow(failureWords(error));
  if (!(error instanceof Problem)) return { at: "foot", text };
  if (error.place.line !== undefined || OF_THE_LIST.test(error.message)) return { at: "list", text };
  const ofForm = error.place.field !== undefined || error.message.startsWith(`${kind}: `) || error.status === 403;
  return { at: ofForm ? "form" : "foot", text };
}
