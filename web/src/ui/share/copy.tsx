/** A text to take along: shown, selected on a press, copied by the button beside it. */
import { useRef, useState } from "preact/hooks";
import { Button } from "../parts.tsx";
import { shareWords } from "./words.ts";

/** A page that is no secure context, as in a network of one's own, has no clipboard: then what is selected is copied. */
async function copy(text: string, field: HTMLInputElement | HTMLTextAreaElement): Promise<boolean> {
  field.select();
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return document.execCommand("copy");
  }
}

interface CopyProps {
  readonly text: string;
  readonly label: string;
  /** As many rows as it takes; else one line that scrolls. */
  readonly rows?: number;
}

export function CopyField({ text, label, rows }: CopyProps) {
  const field = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  const [copied, setCopied] = useState(false);
  const press = () => field.current && copy(text, field.current).then(setCopied);
  const shared = {
    ref: field,
    readOnly: true,
    value: text,
    "aria-label": label,
    spellcheck: false,
    onFocus: () => field.current?.select(),
  };
  return (
    <div class="row copy-row">
      <span class={rows === undefined ? "field mono grow" : "field mono grow tall"}>
        {rows === undefined ? <input {...shared} /> : <textarea {...shared} rows={rows} />}
      </span>
      <Button glyph={copied ? "check" : "copy"} onClick={press} aria-label={`${copied ? shareWords.copied : shareWords.copy}: ${label}`}>
        {copied ? shareWords.copied : shareWords.copy}
      </Button>
    </div>
  );
}
