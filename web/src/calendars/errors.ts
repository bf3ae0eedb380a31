import { t } from "../lib/i18n";

/** The words that come back when consent was not given. */
const KNOWN = [
  "state",
  "refused",
  "unreachable",
  "unusable",
  "other_account",
  "not_allowed",
  "too_many",
];

/** Why an account was not connected, as a sentence; of an unknown word that it was not. */
export function errorText(word: string): string {
  return t(`calendars.consentError.${KNOWN.includes(word) ? word : "failed"}`);
}
