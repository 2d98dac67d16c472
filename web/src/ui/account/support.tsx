/** Whom to ask, and how soon a first answer comes. */
import type { Support as Promised } from "../../net/account.ts";
import { contactLink } from "../plans/offer.ts";
import { planWords as said } from "./planwords.ts";

function Contact({ contact }: { readonly contact: string }) {
  const to = contactLink(contact);
  return to === undefined ? (
    <b>{contact}</b>
  ) : (
    <a class="link" href={to}>
      {contact.replace(/^mailto:/, "")}
    </a>
  );
}

export function Support({ support }: { readonly support: Promised }) {
  if (support.contact === undefined && support.hours === undefined) return null;
  return (
    <section>
      <h2 class="label">{said.support}</h2>
      {support.contact !== undefined && (
        <p class="account-line">
          <Contact contact={support.contact} />
        </p>
      )}
      {support.hours !== undefined && <p class="small dim">{said.hours(support.hours)}</p>}
    </section>
  );
}
