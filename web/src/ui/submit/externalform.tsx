/** Tasks that programs of the user's own lease: nothing to fill in, and two lines of shell to begin with. */
import { useState } from "preact/hooks";
import { Button } from "../parts.tsx";
import { words } from "../words.ts";
import { Inserts } from "./field.tsx";
import type { FormProps } from "./form.ts";

/** Asks for one task, waiting up to half a minute for it; and says what came of it. */
export function leaseLines(origin: string): readonly [string, string] {
  const post = (path: string, body: string) =>
    `curl -sS ${origin}/api/v1${path} -H "Authorization: Bearer $TENDESKS_TOKEN" -H "Content-Type: application/json" -d '${body}'`;
  return [
    post("/leases", '{"max": 1, "wait": 30}'),
    post("/executions/EXECUTION/complete", '{"token": "TOKEN", "result": {"text": "done"}}'),
  ];
}

export function ExternalForm({ attempts }: FormProps) {
  const [copied, setCopied] = useState(false);
  const lines = leaseLines(location.origin);
  const copy = () => navigator.clipboard?.writeText(lines.join("\n")).then(() => setCopied(true));
  return (
    <>
      <p class="dim">{words.submit.externalNote}</p>
      <div class="log mono row lease">
        <div class="grow lease-lines">
          {lines.map((line) => (
            <div key={line}>
              <span class="d" aria-hidden="true">
                ${" "}
              </span>
              {line}
            </div>
          ))}
        </div>
        <Button look="s icon bare-icon" glyph={copied ? "check" : "copy"} label={words.submit.externalCopy} onClick={copy} />
      </div>
      <p class="dim small under">{words.submit.externalToken}</p>
      <Inserts attempts={attempts} />
    </>
  );
}
