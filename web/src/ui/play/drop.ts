/** Files that are dropped anywhere on the page: recordings are taken, all else is left to whoever wants it. */
import { ReadError } from "../../net/read.ts";
import type { Source } from "../../replay/contract.ts";

const NAME = /\.tendesks$/i;

export function isRecording(file: Pick<File, "name">): boolean {
  return NAME.test(file.name);
}

/** A file as a recording; whatever is wrong with it is told when it is asked. What reads it is fetched for the first one. */
export function droppedSource(file: Blob): Source {
  async function opened(): Promise<Source> {
    const { FILE_BYTES_MAX, fileSource } = await import("../../replay/file.ts");
    if (file.size > FILE_BYTES_MAX) throw new ReadError(`expected a file of at most ${FILE_BYTES_MAX} bytes, got ${file.size}`);
    return fileSource(new Uint8Array(await file.arrayBuffer()));
  }
  let source: Promise<Source> | undefined;
  const known = () => {
    source ??= opened();
    return source;
  };
  return { about: async () => (await known()).about(), segment: async (n) => (await known()).segment(n) };
}

function carriesFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer?.types.includes("Files") === true;
}

/**
 * Calls back with a recording that is dropped. A page that did not take the drag would be left for the file itself.
 * @returns how to end that
 */
export function onRecording(target: EventTarget, take: (file: File) => void): () => void {
  function over(event: Event): void {
    if (carriesFiles(event as DragEvent)) event.preventDefault();
  }
  function drop(event: Event): void {
    const files = (event as DragEvent).dataTransfer?.files;
    const file = files?.length === 1 ? files[0] : undefined;
    if (file === undefined || !isRecording(file)) return;
    event.preventDefault();
    event.stopPropagation();
    take(file);
  }
  const ending = new AbortController();
  target.addEventListener("dragover", over, { signal: ending.signal });
  target.addEventListener("drop", drop, { capture: true, signal: ending.signal });
  return () => ending.abort();
}
