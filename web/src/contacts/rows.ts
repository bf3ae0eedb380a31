import { isHit } from "./highlight";
import type { Contact, ContactPhone } from "./types";

/** The number that a row shows: the one that was searched for, else the first. Pure. */
export function shownPhone(contact: Contact, query: string): ContactPhone | undefined {
  const found = query && contact.phones.find((phone) => isHit(phone.number, query));
  return found || contact.phones[0];
}

/** What stands under the name: title and company, or else the words that made it a hit. Pure. */
export function secondLine(contact: Contact, query: string): string {
  // A colleague's company goes without saying.
  const place = contact.user_id ? contact.department : contact.company || contact.department;
  const usual = [contact.title, place].filter(Boolean).join(" · ");
  if (!query || isHit(contact.name, query) || isHit(usual, query)) return usual;
  const others = [contact.department, ...contact.emails, contact.note];
  return others.find((text) => text && isHit(text, query)) ?? usual;
}
