import type { Phone } from "../../lib/types";

/** The numbers to save: trimmed, and without rows that were left empty. */
export function filled(phones: Phone[]): Phone[] {
  return phones
    .map((phone) => ({ ...phone, number: phone.number.trim() }))
    .filter((phone) => phone.number !== "");
}
