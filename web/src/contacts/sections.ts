import type { Person } from "../lib/types";
import type { Contact, Favourite, Scope } from "./types";

/** Rows under a heading: a letter, or a kind of hit. */
export interface Part<T> {
  label: string;
  rows: T[];
}

/** Consecutive rows with the same first letter, in the order in which they come. Pure. */
export function byLetter<T extends { name: string }>(rows: readonly T[]): Part<T>[] {
  const parts: Part<T>[] = [];
  for (const row of rows) {
    const label = letterOf(row.name);
    const last = parts.at(-1);
    if (last?.label === label) last.rows.push(row);
    else parts.push({ label, rows: [row] });
  }
  return parts;
}

/** "Å" stays a letter of its own, "É" is an E, digits and signs share "#". */
export function letterOf(name: string): string {
  const first = name.trim().charAt(0).toLocaleUpperCase("sv");
  if (/[A-ZÅÄÖ]/.test(first)) return first;
  const plain = first.normalize("NFD").charAt(0);
  return /[A-Z]/.test(plain) ? plain : "#";
}

/** Colleagues by themselves, then everybody outside; empty parts are left out. Pure. */
export function byScope(hits: readonly Contact[], label: (scope: Scope) => string) {
  const internal = hits.filter((hit) => hit.scope === "internal");
  const outside = hits.filter((hit) => hit.scope !== "internal");
  const parts: Part<Contact>[] = [
    { label: label("internal"), rows: internal },
    { label: label("global"), rows: outside },
  ];
  return parts.filter((part) => part.rows.length > 0);
}

/** The starred and the VIPs among favourites that are people or contacts. Pure. */
export function marksShown(favourites: readonly Favourite[]): Favourite[] {
  return favourites.filter(
    (one) => (one.star || one.vip) && (one.kind === "person" || one.kind === "contact"),
  );
}

/** A colleague as a row among contacts. Pure. */
export function ofPerson(person: Person): Contact {
  return {
    id: person.id,
    scope: "internal",
    user_id: person.id,
    name: person.name,
    title: person.title,
    department: person.department,
    company: "",
    phones: person.phones.map((phone) => ({ ...phone, e164: null })),
    emails: person.email ? [person.email] : [],
    note: person.presence.note,
    source: "",
    updated_at: "",
    favourite: null,
  };
}

const order = new Intl.Collator("sv", { sensitivity: "base" });

export function byName(one: { name: string }, other: { name: string }): number {
  return order.compare(one.name, other.name);
}

/**
 * Colleagues among the contacts fetched so far, by name. While there are more contacts to fetch,
 * colleagues after the last one wait, so that nothing is put in above what is being read. Pure.
 */
export function together(people: Contact[], contacts: Contact[], complete: boolean): Contact[] {
  const last = contacts.at(-1);
  const due = complete ? people : people.filter((one) => last && byName(one, last) <= 0);
  return [...due, ...contacts].sort(byName);
}
