/** Results as a file: the format is chosen, the file is fetched, and where that fails it is said here, with another try beside it. */
import { useEffect, useRef, useState } from "preact/hooks";
import { Problem } from "../net/http.ts";
import type { Format } from "../net/shapes.ts";
import { useApp } from "./app.ts";
import { Button, Icon } from "./parts.tsx";
import { failureWords } from "./trouble.ts";
import { words } from "./words.ts";

/** What every plan has. */
export const EVERYBODYS: readonly Format[] = ["json"];
const KEPT_MS = 60_000;

/** A browser takes a moment to begin with a file, so its address is kept for a while. */
export function hand(file: Blob, name: string): void {
  const address = URL.createObjectURL(file);
  const anchor = document.createElement("a");
  anchor.href = address;
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(address), KEPT_MS);
}

/** The server's own words where it had some. */
function failedWords(error: unknown): string {
  return error instanceof Problem ? failureWords(error) : words.results.fileFailed;
}

/** No name of a batch may be a path, or one that a system refuses. */
export function fileName(name: string, format: Format): string {
  const plain = name
    .replace(/[\p{Cc}\\/:*?"<>|]/gu, " ")
    .replace(/\s+/g, " ")
    .replace(/^[. ]+|[. ]+$/g, "")
    .slice(0, 100);
  return `${plain === "" ? words.results.title : plain}.${format}`;
}

/** The menu closes when the focus leaves it, and on Esc, which then closes nothing else. */
function closeBehind(event: FocusEvent): void {
  const menu = event.currentTarget;
  if (menu instanceof HTMLDetailsElement && !menu.contains(event.relatedTarget as Node | null)) menu.open = false;
}

function closeFirst(event: KeyboardEvent): void {
  const menu = event.currentTarget;
  if (event.key !== "Escape" || !(menu instanceof HTMLDetailsElement) || !menu.open) return;
  event.stopPropagation();
  menu.open = false;
  menu.querySelector("summary")?.focus();
}

interface Taking {
  readonly busy: Format | undefined;
  readonly failed: { readonly format: Format; readonly words: string } | undefined;
  take(format: Format): void;
  stop(): void;
}

function useTaking(batch: string, name: string): Taking {
  const { api } = useApp();
  const [busy, setBusy] = useState<Format>();
  const [failed, setFailed] = useState<Taking["failed"]>();
  const under = useRef<AbortController | undefined>(undefined);
  useEffect(() => () => under.current?.abort(), [batch]);
  function take(format: Format): void {
    const controller = new AbortController();
    under.current?.abort();
    under.current = controller;
    setBusy(format);
    setFailed(undefined);
    const over = (then: () => void) => {
      if (under.current !== controller) return;
      setBusy(undefined);
      then();
    };
    api.resultsFile(batch, format, controller.signal).then(
      (file) => over(() => hand(file, fileName(name, format))),
      (error: unknown) => over(() => !controller.signal.aborted && setFailed({ format, words: failedWords(error) })),
    );
  }
  return { busy, failed, take, stop: () => under.current?.abort() };
}

interface ExportProps {
  readonly batch: string;
  readonly name: string;
  /** As what the results can be had, once that is known. */
  readonly formats: readonly Format[] | undefined;
}

export function Export({ batch, name, formats = EVERYBODYS }: ExportProps) {
  const menu = useRef<HTMLDetailsElement>(null);
  const { busy, failed, take, stop } = useTaking(batch, name);
  if (busy !== undefined) {
    return (
      <Button look="grows" glyph="cross" title={words.results.stopExport} onClick={stop}>
        {words.results.onItsWay(words.results.called[busy])}
      </Button>
    );
  }
  function choose(format: Format): void {
    if (menu.current !== null) menu.current.open = false;
    take(format);
  }
  return (
    <>
      {failed !== undefined && (
        <span class="row export-failed" role="alert">
          <span class="red small">{failed.words}</span>
          <Button look="s" glyph="retry" label={words.results.retryFile} onClick={() => take(failed.format)}>
            {words.results.retry}
          </Button>
        </span>
      )}
      <details class="menu" ref={menu} onFocusOut={closeBehind} onKeyDown={closeFirst}>
        <summary class="btn">
          <Icon name="save" />
          {words.results.export}
          <Icon name="down" />
        </summary>
        <div class="menu-list">
          {formats.map((format) => (
            <button key={format} type="button" onClick={() => choose(format)}>
              {words.results.formats[format]}
            </button>
          ))}
        </div>
      </details>
    </>
  );
}
