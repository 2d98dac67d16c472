/** A lost graphics context: three sets itself up again when it comes back; if it stays away, that is said. */
export const BACK_WITHIN_MS = 8000;

/** Calls `restored` when the context is back, `lost` when it is not within BACK_WITHIN_MS. Returns how to stop. */
export function survive(canvas: HTMLCanvasElement, restored: () => void, lost: () => void): () => void {
  let timer = 0;
  const gone = (event: Event): void => {
    // Without this the browser never gives the context back.
    event.preventDefault();
    window.clearTimeout(timer);
    timer = window.setTimeout(lost, BACK_WITHIN_MS);
  };
  const back = (): void => {
    window.clearTimeout(timer);
    restored();
  };
  canvas.addEventListener("webglcontextlost", gone);
  canvas.addEventListener("webglcontextrestored", back);
  return () => {
    window.clearTimeout(timer);
    canvas.removeEventListener("webglcontextlost", gone);
    canvas.removeEventListener("webglcontextrestored", back);
  };
}
