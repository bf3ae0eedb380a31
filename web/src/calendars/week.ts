import { dayNumber } from "../activities/when";
import type { ExplainedOccurrence, MyCalendar } from "./types";

const HOUR_MS = 3_600_000;

export interface Day {
  /** A moment of the day, for its name. */
  at: number;
  /** 0 today, 1 tomorrow. */
  ahead: number;
  occurrences: ExplainedOccurrence[];
}

/** What is over is left out; the rest by day, whole days first. What began earlier is today's. Pure. */
export function byDay(occurrences: ExplainedOccurrence[], now: number): Day[] {
  const today = dayNumber(new Date(now));
  const days = new Map<number, Day>();
  const coming = occurrences
    .filter(({ end }) => Date.parse(end) > now)
    .sort((a, b) => order(a) - order(b) || a.start.localeCompare(b.start));
  for (const one of coming) {
    const start = Math.max(Date.parse(one.start), now);
    const ahead = Math.max(0, dayNumber(new Date(start)) - today);
    const day = days.get(ahead) ?? { at: start, ahead, occurrences: [] };
    day.occurrences.push(one);
    days.set(ahead, day);
  }
  return [...days.values()].sort((a, b) => a.ahead - b.ahead);
}

function order(one: ExplainedOccurrence): number {
  return one.all_day ? 0 : 1;
}

/** The first meeting that begins within the hour; nothing that lasts whole days. Pure. */
export function soon(
  occurrences: ExplainedOccurrence[],
  now: number,
): ExplainedOccurrence | undefined {
  return occurrences
    .filter((one) => one.counts && one.activity_id !== null && !one.all_day)
    .filter(({ start }) => Date.parse(start) > now && Date.parse(start) - now <= HOUR_MS)
    .sort((a, b) => Date.parse(a.start) - Date.parse(b.start))[0];
}

/** Whole minutes until it begins, at least one. Pure. */
export function minutesUntil(iso: string, now: number): number {
  return Math.max(1, Math.ceil((Date.parse(iso) - now) / 60_000));
}

/**
 * The meeting that decides what I do now, if one does: the decision then says what its meeting says,
 * and perhaps more. Pure.
 */
export function fromCalendar(
  calendar: MyCalendar | null,
  activityId: string | null,
  now: number,
): ExplainedOccurrence | undefined {
  if (calendar?.now?.activity_id !== activityId) return undefined;
  const { sentence } = calendar.now;
  return calendar.occurrences.find(
    (one) =>
      one.counts &&
      sentence.startsWith(one.sentence.replace(/\.$/, "")) &&
      Date.parse(one.start) <= now &&
      now < Date.parse(one.end),
  );
}
