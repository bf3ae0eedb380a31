import { matches } from "../../chat/names";
import { digitsIn } from "../../contacts/highlight";
import type { Person } from "../../lib/types";
import type { NumberKind, PlanNumber } from "./types";

export const KINDS: NumberKind[] = ["extension", "fixed", "mobile", "main"];

/** A number and whose it is. */
export interface Named extends PlanNumber {
  person: Person | undefined;
}

/** Numbers that hold the digits, in any writing, or whose owner has the name. Pure. */
export function matching(numbers: Named[], words: string): Named[] {
  const wanted = words.trim();
  if (!wanted) return numbers;
  const digits = digitsIn(wanted).replace(/^0(?=\d)/, "") || wanted.replace(/\D/g, "");
  return numbers.filter((one) => {
    if (digits && one.number.includes(digits)) return true;
    return one.person !== undefined && matches(one.person.name, wanted);
  });
}

/** The extension of each person who has one: user id -> digits. Pure. */
export function extensions(numbers: PlanNumber[]): Record<string, string> {
  const found = numbers.filter((one) => one.kind === "extension" && one.user_id);
  return Object.fromEntries(found.map((one) => [one.user_id, one.number]));
}

/** The number of the plan that was written, in whatever writing. Pure. */
export function knownAs<T extends PlanNumber>(numbers: T[], written: string): T | undefined {
  const digits = written.replace(/\D/g, "");
  if (!digits) return undefined;
  return numbers.find((one) =>
    [one.number, one.display].some((each) => each.replace(/\D/g, "") === digits),
  );
}

/** Two to six digits. */
export function isExtension(text: string): boolean {
  return /^\d{2,6}$/.test(text);
}

/** A guess at what kind of number was typed, until somebody says otherwise. Pure. */
export function kindOf(text: string): NumberKind {
  const digits = text.replace(/[^\d+]/g, "");
  if (isExtension(digits)) return "extension";
  return /^(\+467|00467|07)/.test(digits) ? "mobile" : "fixed";
}
