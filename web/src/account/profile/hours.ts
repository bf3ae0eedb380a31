import type { Weekday, WorkingHours } from "../../lib/types";

export const WEEK: Weekday[] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
export const WORKDAYS: Weekday[] = ["mon", "tue", "wed", "thu", "fri"];
export const MOST_SPANS = 4;

export type Span = [string, string];
export type Fault = "time" | "order" | "overlap";

const DAY = 24 * 60;

/** "8", "830", "8.30", "08:30" are all understood; null for what is no time of day. */
export function parseTime(text: string): string | null {
  const written = text.trim().replace(/[.,\s]/g, ":");
  const parts = /^(\d{1,2}):(\d{2})$/.exec(written) ?? /^(\d{1,2})(\d{2})?$/.exec(written);
  if (!parts) return null;
  const hour = Number(parts[1]);
  const minute = Number(parts[2] ?? "0");
  // 24:00 is the end of the day, and nothing comes after it.
  if (hour > 24 || minute > 59 || (hour === 24 && minute > 0)) return null;
  return format(hour * 60 + minute);
}

function format(minutes: number): string {
  const hour = String(Math.floor(minutes / 60)).padStart(2, "0");
  return `${hour}:${String(minutes % 60).padStart(2, "0")}`;
}

/** Minutes since midnight. */
export function minutes(time: string): number {
  const [hour = "0", minute = "0"] = time.split(":");
  return Number(hour) * 60 + Number(minute);
}

/** What is wrong with each span of a day: null when nothing is. Same order as *spans*. */
export function faults(spans: Span[]): (Fault | null)[] {
  return spans.map((span, index) => {
    if (span.some((time) => parseTime(time) !== time)) return "time";
    if (minutes(span[0]) >= minutes(span[1])) return "order";
    const clash = spans.some((other, at) => at < index && meet(other, span));
    return clash ? "overlap" : null;
  });
}

function meet(one: Span, other: Span): boolean {
  return minutes(one[0]) < minutes(other[1]) && minutes(other[0]) < minutes(one[1]);
}

export function anyFault(hours: WorkingHours): boolean {
  return WEEK.some((day) => faults(hours[day]).some(Boolean));
}

/** One more span after the last: an hour later, at most four hours, never past midnight. */
export function withMore(spans: Span[]): Span[] {
  const last = spans.at(-1);
  if (!last) return [["08:00", "17:00"]];
  if (spans.length >= MOST_SPANS || parseTime(last[1]) === null) return spans;
  const from = minutes(last[1]) + 60;
  if (from >= DAY) return spans;
  return [...spans, [format(from), format(Math.min(from + 240, DAY))]];
}

/** Monday's hours (or any day's) on every weekday. */
export function onWorkdays(hours: WorkingHours, from: Weekday): WorkingHours {
  const next = { ...hours };
  for (const day of WORKDAYS) next[day] = hours[from].map(([start, end]) => [start, end]);
  return next;
}

/** Each day's spans in the order of the clock: how they are saved. */
export function sorted(hours: WorkingHours): WorkingHours {
  const next = { ...hours };
  for (const day of WEEK) {
    next[day] = [...hours[day]].sort((one, other) => minutes(one[0]) - minutes(other[0]));
  }
  return next;
}

/** Every weekday present, whatever the server left out. */
export function complete(hours: Partial<WorkingHours>): WorkingHours {
  const spans = WEEK.map((day) => [day, hours[day] ?? []] as const);
  return Object.fromEntries(spans) as WorkingHours;
}

/** "40" or "37,5": the hours of a week, without counting what is in error. */
export function weekTotal(hours: WorkingHours): number {
  let total = 0;
  for (const day of WEEK) {
    const wrong = faults(hours[day]);
    hours[day].forEach((span, index) => {
      if (!wrong[index]) total += minutes(span[1]) - minutes(span[0]);
    });
  }
  return Math.round(total / 6) / 10;
}

/** Where a span lies on a bar from midnight to midnight, in per cent. */
export function onBar([from, to]: Span): { left: number; width: number } {
  const left = (minutes(from) / DAY) * 100;
  return { left, width: Math.max(0, (minutes(to) / DAY) * 100 - left) };
}
