import type { Phone } from "../lib/types";
import type { Contact } from "./types";

/** A contact being written. Rows left empty are nothing to save. */
export interface Draft {
  name: string;
  title: string;
  department: string;
  company: string;
  phones: Phone[];
  emails: string[];
  note: string;
}

export const FIELDS = [
  "name",
  "title",
  "department",
  "company",
  "phones",
  "emails",
  "note",
  "scope",
] as const;

export function draftOf(contact: Contact | null): Draft {
  return {
    name: contact?.name ?? "",
    title: contact?.title ?? "",
    department: contact?.department ?? "",
    company: contact?.company ?? "",
    phones: contact?.phones.map(({ kind, number }) => ({ kind, number })) ?? [
      { kind: "mobile", number: "" },
    ],
    emails: contact?.emails ?? [""],
    note: contact?.note ?? "",
  };
}

/** Trimmed, and without empty rows: what is sent, and what the answer's row numbers are about. */
export function tidy(draft: Draft): Draft {
  return {
    name: draft.name.trim(),
    title: draft.title.trim(),
    department: draft.department.trim(),
    company: draft.company.trim(),
    phones: draft.phones
      .map(({ kind, number }) => ({ kind, number: number.trim() }))
      .filter(({ number }) => number),
    emails: draft.emails.map((email) => email.trim()).filter(Boolean),
    note: draft.note.trim(),
  };
}

/** Only what is another than it was. */
export function changesTo(contact: Contact, draft: Draft): Partial<Draft> {
  const before = tidy(draftOf(contact));
  const now = tidy(draft);
  const changed = Object.entries(now).filter(
    ([field, value]) =>
      JSON.stringify(value) !== JSON.stringify(Reflect.get(before, field) as unknown),
  );
  return Object.fromEntries(changed);
}

const NUMBER = /^\+?(?:[ ()/.-]{0,3}\d){2,15}[ ()/.-]{0,3}$/;
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

export function looksLikeNumber(text: string): boolean {
  return NUMBER.test(text.trim());
}

export function looksLikeEmail(text: string): boolean {
  return EMAIL.test(text.trim());
}

export interface RowFaults {
  /** What is wrong with each row. */
  rows: (string | undefined)[];
  /** What is wrong with the list, when no row is to blame. */
  whole: string | undefined;
}

/**
 * Where to show a refusal of a list. The server may name the row; when it names the list alone, the
 * rows that do not look right are the ones. Pure.
 */
export function rowFaults(
  values: string[],
  name: string,
  at: (field: string) => string | undefined,
  looksRight: (text: string) => boolean,
): RowFaults {
  const named = values.map((_, index) => at(`${name}.${index}`));
  if (named.some(Boolean)) return { rows: named, whole: undefined };
  const whole = at(name);
  const rows = values.map((value) => (whole && !looksRight(value) ? whole : undefined));
  return { rows, whole: rows.some(Boolean) ? undefined : whole };
}
