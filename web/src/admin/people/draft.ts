import { filled } from "../../account/parts/phones";
import type { Language, Phone, Plan, Role } from "../../lib/types";
import type { AdminPerson } from "../types";

/** What an administrator fills in about a person. */
export interface Draft {
  name: string;
  email: string;
  title: string;
  department: string;
  phones: Phone[];
  plan: Plan;
  role: Role;
  language: Language;
}

export const FIELDS = [
  "name",
  "email",
  "title",
  "department",
  "phones",
  "plan",
  "role",
  "language",
] as const;

export function newDraft(language: Language): Draft {
  const texts = { name: "", email: "", title: "", department: "" };
  return { ...texts, phones: [], plan: "pro", role: "member", language };
}

export function draftOf(person: AdminPerson): Draft {
  const { name, email, title, department, phones, plan, role, language } = person;
  return { name, email, title, department, phones, plan, role, language };
}

/** Trimmed, and without empty numbers. */
export function tidy(draft: Draft): Draft {
  const trimmed = { ...draft, phones: filled(draft.phones) };
  for (const key of ["name", "email", "title", "department"] as const) {
    trimmed[key] = draft[key].trim();
  }
  return trimmed;
}

/** Only what differs: the audit log, too, should only hear of that. */
export function changed(before: Draft, after: Draft): Partial<Draft> {
  const now = tidy(after);
  const entries = FIELDS.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(now[key]));
  return Object.fromEntries(entries.map((key) => [key, now[key]]));
}
