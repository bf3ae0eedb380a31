import { currentLocale, t } from "../lib/i18n";
import { clock } from "../lib/time";
import type { WorkingHours } from "../lib/types";

const DAY_MS = 86_400_000;
const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;

/** "13:00", "i morgon 08:00", "tors 08:00", "3 aug. 08:00"; *short* leaves out the time of another day. */
export function back(iso: string, now: number, short = false): string {
  const date = new Date(iso);
  const days = dayNumber(date) - dayNumber(new Date(now));
  const time = clock(iso);
  if (days === 0) return time;
  const day = days === 1 ? t("activities.tomorrow") : dayOf(date, days, new Date(now));
  return short ? day : `${day} ${time}`;
}

function dayOf(date: Date, days: number, today: Date): string {
  const locale = currentLocale();
  if (days > 1 && days < 7) return date.toLocaleDateString(locale, { weekday: "short" });
  const year = date.getFullYear() === today.getFullYear() ? {} : { year: "numeric" as const };
  return date.toLocaleDateString(locale, { day: "numeric", month: "short", ...year });
}

/** Which local day, counted so that no day is 23 or 25 hours long. */
export function dayNumber(date: Date): number {
  return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / DAY_MS;
}

/** When the last span of *now*'s day ends in *zone*, or null when no more work is to come. Pure. */
export function endOfWork(hours: WorkingHours, zone: string, now: number): number | null {
  const here = partsIn(zone, now);
  const spans = hours[DAYS[here.weekday] ?? "mon"] ?? [];
  const ends = spans
    .map(([from, to]) => atClock(here, to, to <= from ? 1 : 0, zone))
    .filter((end) => end > now);
  return ends.length > 0 ? Math.max(...ends) : null;
}

/** When work begins on the day of *date* ("2026-08-03"), as "08:00"; the usual hour on a day off. */
export function startOfWork(hours: WorkingHours, date: string): string {
  const weekday = new Date(`${date}T12:00`).getDay();
  const spans = hours[DAYS[weekday] ?? "mon"] ?? [];
  return spans.map(([from]) => from).sort()[0] ?? "08:00";
}

/** The next day on which work begins, as a date field wants it; tomorrow where none does. Pure. */
export function nextWorkday(hours: WorkingHours, now: number): string {
  for (let days = 1; days <= 7; days += 1) {
    const date = dateField(now, days);
    const weekday = new Date(`${date}T12:00`).getDay();
    if ((hours[DAYS[weekday] ?? "mon"] ?? []).length > 0) return date;
  }
  return dateField(now, 1);
}

/** The date in *days* days as a date field wants it: "2026-11-21". Local. */
export function dateField(now: number, days = 0): string {
  const date = new Date(now);
  date.setDate(date.getDate() + days);
  const two = (number: number) => String(number).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** A local date and time of fields as a moment; null when they are none. */
export function momentOf(date: string, time: string): number | null {
  const moment = new Date(`${date}T${time || "00:00"}`).getTime();
  return date && !Number.isNaN(moment) ? moment : null;
}

interface LocalParts {
  year: number;
  month: number;
  day: number;
  weekday: number;
}

function partsIn(zone: string, now: number): LocalParts {
  const shifted = new Date(now + offset(zone, now));
  return {
    year: shifted.getUTCFullYear(),
    month: shifted.getUTCMonth(),
    day: shifted.getUTCDate(),
    weekday: shifted.getUTCDay(),
  };
}

function atClock(day: LocalParts, time: string, later: number, zone: string): number {
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  const wall = Date.UTC(day.year, day.month, day.day + later, hour, minute);
  // The offset of that moment, not of the wall clock read as UTC: asked for twice it is the right one.
  const first = wall - offset(zone, wall);
  return wall - offset(zone, first);
}

/** How far *zone*'s clocks are ahead of UTC at that moment, in milliseconds. */
function offset(zone: string, at: number): number {
  const format = new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...NUMBERS });
  const parts = Object.fromEntries(
    format.formatToParts(at).map(({ type, value }) => [type, Number(value)]),
  ) as Record<string, number>;
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  const wall = Date.UTC(year, month - 1, day, hour, minute, second);
  return wall - Math.floor(at / 1000) * 1000;
}

const NUMBERS = {
  year: "numeric",
  month: "numeric",
  day: "numeric",
  hour: "numeric",
  minute: "numeric",
  second: "numeric",
  hourCycle: "h23",
} as const;
