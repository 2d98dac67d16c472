/** A panel whose code is fetched when it is first opened, so that the first look at the office need not wait for it. */
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Waiting } from "./parts.tsx";
import { words } from "./words.ts";

type Loaded<P> = { readonly panel: ComponentType<P> } | "failed" | undefined;

/** @param fetch the panel; a browser asks for it once and keeps it */
export function later<P extends object>(fetch: () => Promise<ComponentType<P>>): ComponentType<P> {
  let kept: ComponentType<P> | undefined;
  return function Later(props: P) {
    const [loaded, setLoaded] = useState<Loaded<P>>(kept && { panel: kept });
    useEffect(() => {
      if (kept !== undefined) return;
      fetch().then(
        (panel) => {
          kept = panel;
          setLoaded({ panel });
        },
        () => setLoaded("failed"),
      );
    }, []);
    if (loaded === undefined) return <Waiting rows={4} height={20} />;
    if (loaded === "failed") return <p class="lead later-failed">{words.trouble.panel}</p>;
    const Panel = loaded.panel;
    return <Panel {...props} />;
  };
}
