/** The token in the printed URL's fragment: never sent anywhere but in the body of one request. */

/** The token of a fragment such as `#token=abc`. */
export function tokenOfHash(hash: string): string | undefined {
  return new URLSearchParams(hash.replace(/^#/, "")).get("token") ?? undefined;
}

/** The secret of a one-time link, in a fragment such as `#signin=abc`. */
export function letterOfHash(hash: string): string | undefined {
  return new URLSearchParams(hash.replace(/^#/, "")).get("signin") ?? undefined;
}

/** Why a provider's sign-in did not come about: the word in a fragment such as `#signin-failed=expired`. */
export function refusalOfHash(hash: string): string | undefined {
  return new URLSearchParams(hash.replace(/^#/, "")).get("signin-failed") ?? undefined;
}

/** The token in what a person pasted: the whole address, its fragment, or the bare token. */
export function tokenIn(pasted: string): string | undefined {
  const text = pasted.trim();
  const hash = text.indexOf("#");
  if (hash >= 0) return tokenOfHash(text.slice(hash));
  if (text.startsWith("token=")) return tokenOfHash(text);
  return /^[\w.~-]{8,}$/.test(text) ? text : undefined;
}
