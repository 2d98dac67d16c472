/** What stands where the office would: the link has ended, its key is missing, or there is no room just now. */
import { Mark } from "../parts.tsx";
import { words } from "../words.ts";
import { guestWords, type Over } from "./words.ts";

export function OverPage({ why }: { readonly why: Over }) {
  const [title, lead] = guestWords.over[why];
  return (
    <main class="signin over">
      <div class="panel signin-card" role="status">
        <div class="row">
          <Mark />
          <b>{words.product}</b>
        </div>
        <h1>{title}</h1>
        <p class="dim">{lead}</p>
      </div>
    </main>
  );
}
