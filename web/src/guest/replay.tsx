/** What a recording's link shows: the replay, in the same room, with the moment in the address and the secret nowhere near it. */
import { computed } from "@preact/signals";
import type { ComponentChildren } from "preact";
import type { Http } from "../net/http.ts";
import { serverSource } from "../replay/source.ts";
import type { App } from "../ui/app.ts";
import { Frame } from "../ui/frame.tsx";
import { EmbedReplay } from "../ui/guest/embedreplay.tsx";
import { arrange } from "../ui/layout.ts";
import { askedOf, withMoment } from "../ui/player/address.ts";
import type { Address, Started } from "../ui/player/contract.ts";
import { startReplay } from "../ui/player/start.ts";
import { GUEST } from "../ui/rights.ts";
import type { Pass } from "./pass.ts";

export interface ReplayWish {
  readonly app: App;
  readonly http: Http;
  readonly pass: Pass;
  readonly embedded: boolean;
  /** The link's address with its secret. */
  readonly whole: string;
}

/** The page's own address holds the moment, so that a reload goes on there; what is copied holds the secret too. */
function addressOf({ whole, embedded }: ReplayWish): Address {
  return {
    write(asked) {
      if (!embedded) history.replaceState(history.state, "", location.pathname + withMoment(location.search, asked));
    },
    link(asked) {
      const address = new URL(whole);
      address.search = withMoment(address.search, asked);
      return address.href;
    },
  };
}

/** In a frame there is the office, and one line to play it by. */
function alone({ app }: Started): App {
  return { ...app, view: { ...app.view, arrangement: computed(() => arrange(app.view.size.value, "bare")) } };
}

export function showReplay(wish: ReplayWish): { readonly app: App; readonly part: ComponentChildren } {
  const { app, http, pass, embedded } = wish;
  const { shows, view, name, from, to } = pass;
  const source = serverSource(http, shows.id, { view, name, from, to });
  const asked = askedOf(location.search);
  const started = startReplay(app, { source, recording: shows.id, asked, rights: GUEST, address: addressOf(wish) });
  if (embedded) return { app: alone(started), part: <EmbedReplay player={started.app.replay.player} /> };
  return { app: started.app, part: <Frame /> };
}
