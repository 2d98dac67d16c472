/** Requests of a guest: with the grant, without any cookie, and once more with a fresh grant where the first was over. */
import type { Fetch } from "../net/http.ts";
import type { Passes } from "./pass.ts";

function withGrant(init: RequestInit, grant: string): RequestInit {
  const headers = new Headers(init.headers);
  headers.set("authorization", `Bearer ${grant}`);
  return { ...init, headers, credentials: "omit" };
}

/** A grant that is over answers 401; to one that never was anything, as to one of a link that has ended, everything is a 404. */
function isOver(status: number): boolean {
  return status === 401 || status === 404;
}

export function guestFetch(fetch: Fetch, passes: Passes): Fetch {
  return async (url, init) => {
    const { grant } = await passes.fresh();
    const first = await fetch(url, withGrant(init, grant));
    if (!isOver(first.status)) return first;
    passes.forget(grant);
    const renewed = await passes.fresh();
    return fetch(url, withGrant(init, renewed.grant));
  };
}
