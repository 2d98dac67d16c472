/** `/play` before there is a file: where to drop one, and what was wrong with the last. */
import { useRef } from "preact/hooks";
import { Button, Mark } from "../parts.tsx";
import { words } from "../words.ts";
import { playWords } from "./words.ts";

export interface PlayPageProps {
  /** What went wrong with the last file, in a sentence. */
  readonly trouble?: string | undefined;
  readonly reading: boolean;
  readonly take: (file: File) => void;
}

export function PlayPage({ trouble, reading, take }: PlayPageProps) {
  const input = useRef<HTMLInputElement>(null);
  function choose(): void {
    const file = input.current?.files?.[0];
    if (file !== undefined) take(file);
  }
  return (
    <main class="signin over">
      <div class="panel signin-card">
        <div class="row">
          <Mark />
          <b>{words.product}</b>
        </div>
        <h1>{playWords.title}</h1>
        <p class="dim">{playWords.lead}</p>
        <input ref={input} class="unseen" type="file" accept=".tendesks" aria-label={playWords.choose} tabIndex={-1} onChange={choose} />
        <Button look="primary" disabled={reading} onClick={() => input.current?.click()}>
          {reading ? playWords.reading : playWords.choose}
        </Button>
        {trouble !== undefined && (
          <p class="bad" role="status">
            {trouble}
          </p>
        )}
      </div>
    </main>
  );
}
