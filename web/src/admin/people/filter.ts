import type { Plan, Role } from "../../lib/types";
import type { AdminPerson } from "../types";

export type Status = "active" | "invited" | "blocked";

export interface Wanted {
  words: string;
  plan: Plan | null;
  role: Role | null;
  status: Status | null;
}

export const EVERYONE: Wanted = { words: "", plan: null, role: null, status: null };

/** Blocked beats invited: who may not enter is not waited for. */
export function statusOf(person: { blocked: boolean; invited: boolean }): Status {
  if (person.blocked) return "blocked";
  return person.invited ? "invited" : "active";
}

/** Without case and accents, but å, ä and ö stay letters of their own. */
function plain(text: string): string {
  return text
    .toLowerCase()
    .normalize("NFC")
    .replace(/[^åäö\p{ASCII}]/gu, (letter) => letter.normalize("NFD").replace(/\p{M}/gu, ""));
}

/** Those who match every word and every filter, by name; bots have a page of their own. */
export function matching(people: AdminPerson[], wanted: Wanted, locale = "sv"): AdminPerson[] {
  const words = plain(wanted.words).split(/\s+/).filter(Boolean);
  return people
    .filter((person) => person.role !== "bot")
    .filter((person) => !wanted.plan || person.plan === wanted.plan)
    .filter((person) => !wanted.role || person.role === wanted.role)
    .filter((person) => !wanted.status || statusOf(person) === wanted.status)
    .filter((person) => {
      const text = plain(described(person));
      return words.every((word) => text.includes(word));
    })
    .sort((one, other) => one.name.localeCompare(other.name, locale));
}

function described(person: AdminPerson): string {
  const numbers = person.phones.map(({ number }) => `${number} ${number.replace(/\D/g, "")}`);
  const { name, email, handle, title, department } = person;
  return [name, email, `@${handle}`, title, department, ...numbers].join(" ");
}

/** How many people have each status. */
export function tally(people: AdminPerson[]): Record<Status, number> {
  const counts: Record<Status, number> = { active: 0, invited: 0, blocked: 0 };
  for (const person of people) if (person.role !== "bot") counts[statusOf(person)] += 1;
  return counts;
}
