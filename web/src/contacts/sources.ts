import { hasContacts } from "../calendars/status";
import type { Provider } from "../calendars/types";
import type { Contact, ContactSource } from "./types";

/** The places outside of Växel that a contact comes from. Pure. */
export function outside(contact: Contact): ContactSource[] {
  const told = contact.sources ?? [];
  const found = told.filter(({ provider }) => hasContacts(provider as Provider));
  if (found.length > 0) return unique(found);
  if (!hasContacts(contact.source as Provider)) return [];
  const { source, link = null, read_only = true } = contact;
  return [{ provider: source, link, read_only }];
}

/** Whether it can be changed here. Pure. */
export function isEditable(contact: Contact): boolean {
  return !(contact.read_only ?? false);
}

function unique(sources: ContactSource[]): ContactSource[] {
  const seen = new Set<string>();
  return sources.filter(({ provider, link }) => {
    const key = `${provider} ${link}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
