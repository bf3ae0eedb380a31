import type { CompanyPolicy, Keyword, Provider } from "../../calendars/types";

/** As long as a keyword may be. */
export const WORD_LENGTH = 4;
export const MOST_MINUTES = 15;

/** Only what a keyword may be made of, in capitals. Pure. */
export function tidyWord(text: string): string {
  return text
    .normalize("NFC")
    .toLocaleUpperCase("sv")
    .replace(/[^A-ZÅÄÖ]/g, "")
    .slice(0, WORD_LENGTH);
}

/** Rows without a word are left out; of the same word the last row stands. Pure. */
export function tidyTable(rows: Keyword[]): Keyword[] {
  const found = new Map<string, Keyword>();
  for (const row of rows) {
    const word = row.word.trim();
    if (word && row.type_id) found.set(word.toLocaleUpperCase("sv"), { ...row, word });
  }
  return [...found.values()];
}

/** The words that stand in more than one row. Pure. */
export function doubled(rows: Keyword[]): string[] {
  const seen = new Map<string, number>();
  for (const { word } of rows) {
    const key = word.trim().toLocaleUpperCase("sv");
    if (key) seen.set(key, (seen.get(key) ?? 0) + 1);
  }
  return [...seen].filter(([, times]) => times > 1).map(([word]) => word);
}

/** The kinds of account that may be connected, one of them on or off. Pure. */
export function withProvider(
  policy: Pick<CompanyPolicy, "providers">,
  provider: Provider,
  on: boolean,
): Provider[] {
  const others = policy.providers.filter((one) => one !== provider);
  return on ? [...others, provider] : others;
}

/** Seconds as people say them: "0,8 s", "12 s"; a dash before there are any. Pure. */
export function seconds(value: number | null, locale: string): string {
  if (value === null) return "–";
  const digits = value < 10 ? 1 : 0;
  return `${value.toLocaleString(locale, { maximumFractionDigits: digits })} s`;
}
