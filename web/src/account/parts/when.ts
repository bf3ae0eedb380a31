import { currentLocale } from "../../lib/i18n";

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** "3 minuter sedan", "i går"; a date once it is more than a month old. */
export function ago(iso: string, now = Date.now(), locale = currentLocale()): string {
  const seconds = Math.max(0, (now - Date.parse(iso)) / 1000);
  if (seconds >= 30 * 86_400) return day(iso, locale);
  const format = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  for (const [unit, length] of STEPS) {
    if (seconds >= length) return format.format(-Math.floor(seconds / length), unit);
  }
  return format.format(0, "second");
}

/** "20 nov. 2026" */
export function day(iso: string, locale = currentLocale()): string {
  return new Date(iso).toLocaleDateString(locale, { dateStyle: "medium" });
}

/** "20 nov. 2026 14:05" */
export function moment(iso: string, locale = currentLocale()): string {
  return new Date(iso).toLocaleString(locale, { dateStyle: "medium", timeStyle: "short" });
}

/** "14:05" */
export function clock(iso: string, locale = currentLocale()): string {
  return new Date(iso).toLocaleTimeString(locale, { timeStyle: "short" });
}
