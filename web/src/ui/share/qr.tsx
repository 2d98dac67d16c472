/** The address as a QR code, for a phone's camera. Drawn here: the address is told to nobody. */
import { correction, generate } from "lean-qr";
import { useMemo } from "preact/hooks";
import { shareWords } from "./words.ts";

/** So many modules of margin every reader can do with. */
const QUIET = 4;

/** The dark modules as one path: a unit square each. */
export function modules(text: string): { readonly size: number; readonly path: string } {
  const code = generate(text, { minCorrectionLevel: correction.L, maxCorrectionLevel: correction.M });
  const rows = Array.from({ length: code.size }, (_, y) => y);
  const path = rows.flatMap((y) => rows.filter((x) => code.get(x, y)).map((x) => `M${x} ${y}h1v1h-1z`)).join("");
  return { size: code.size, path };
}

export function QrCode({ text }: { readonly text: string }) {
  const { size, path } = useMemo(() => modules(text), [text]);
  const edge = size + 2 * QUIET;
  return (
    <svg
      class="share-qr"
      viewBox={`${-QUIET} ${-QUIET} ${edge} ${edge}`}
      role="img"
      aria-label={shareWords.qr}
      shape-rendering="crispEdges"
    >
      <path d={path} />
    </svg>
  );
}
