/** The words of own keys. */
import type { OwnKey } from "../net/ownkeys.ts";

/** Providers whose address the server knows. */
export const KNOWN = ["openai", "openrouter", "mistral", "groq", "deepseek"] as const;
export const OTHER = "other";

function standing(key: OwnKey): string {
  if (key.state === "rejected") return "Not accepted any more. Put in another one.";
  if (key.state === "undecryptable") return "Cannot be opened on this server. Put it in again.";
  return key.checked ? "Accepted" : "Not checked yet, its provider could not be asked";
}

export const ownKeysWords = {
  title: "Own keys",
  lead: "Chats are asked with your own key where there is one.",
  once: "Once it is saved, only its last four characters are shown.",
  none: "No own keys",
  add: "Add a key",
  provider: "Provider",
  other: "Other",
  name: "Name",
  key: "Key",
  address: "Address",
  save: "Save key",
  saving: "Asking its provider",
  back: "Back",
  delete: "Delete",
  sure: (provider: string) => `Delete key of ${provider}?`,
  last: (last: string | undefined) => (last === undefined ? "" : `…${last}`),
  standing,
} as const;
