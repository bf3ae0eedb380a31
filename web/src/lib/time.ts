import { currentLocale, t } from "./i18n";

const DAY_MS = 86_400_000;
const formatters = new Map<string, Intl.DateTimeFormat>();

function format(date: Date, options: Intl.DateTimeFormatOptions): string {
  const key = currentLocale() + JSON.stringify(options);
  let formatter = formatters.get(key);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat(currentLocale(), options);
    formatters.set(key, formatter);
  }
  return formatter.format(date);
}

function dayNumber(date: Date): number {
  // The local date counted in UTC days: no day there is 23 or 25 hours long.
  return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / DAY_MS;
}

/** How many local days ago, 0 for today. */
export function daysAgo(iso: string, now = new Date()): number {
  return dayNumber(now) - dayNumber(new Date(iso));
}

export function sameDay(a: string, b: string): boolean {
  return dayNumber(new Date(a)) === dayNumber(new Date(b));
}

export function clock(iso: string): string {
  return format(new Date(iso), { hour: "2-digit", minute: "2-digit" });
}

function capital(text: string): string {
  return text.charAt(0).toLocaleUpperCase(currentLocale()) + text.slice(1);
}

/** "Idag", "Igår", "Måndag 16 november", with the year when it is another one. */
export function dayName(iso: string): string {
  const days = daysAgo(iso);
  if (days === 0) return t("common.today");
  if (days === 1) return t("common.yesterday");
  const date = new Date(iso);
  const year = date.getFullYear() === new Date().getFullYear() ? {} : { year: "numeric" as const };
  return capital(format(date, { weekday: "long", day: "numeric", month: "long", ...year }));
}

/** As short as can be: a clock today, a weekday this week, else a date. */
export function shortTime(iso: string): string {
  const days = daysAgo(iso);
  const date = new Date(iso);
  if (days <= 0) return clock(iso);
  if (days === 1) return t("common.yesterday");
  if (days < 7) return capital(format(date, { weekday: "short" }));
  if (date.getFullYear() === new Date().getFullYear()) {
    return format(date, { day: "numeric", month: "short" });
  }
  return format(date, { year: "numeric", month: "2-digit", day: "2-digit" });
}

/** Day and clock, for tooltips. */
export function fullTime(iso: string): string {
  return format(new Date(iso), { dateStyle: "full", timeStyle: "short" });
}
