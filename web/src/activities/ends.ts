import { t } from "../lib/i18n";
import type { ActivityType, WorkingHours } from "../lib/types";
import { AVAILABLE } from "./activity";
import { back, endOfWork, momentOf } from "./when";

/** When the next activity ends: as its type has it, after a while, with the day's work, or a moment. */
export type End =
  | { kind: "usual" }
  | { kind: "minutes"; minutes: number }
  | { kind: "work" }
  | { kind: "at"; date: string; time: string };

export const USUAL: End = { kind: "usual" };

/** Whose work it is; null when it is not known (a colleague's). */
export interface Work {
  hours: WorkingHours;
  zone: string;
}

/** The chosen end as a moment; null when the type decides, or when what is written is no moment. */
export function momentOfEnd(end: End, work: Work | null, now: number): number | null {
  switch (end.kind) {
    case "usual":
      return null;
    case "minutes":
      return now + end.minutes * 60_000;
    case "work":
      return work && endOfWork(work.hours, work.zone, now);
    case "at":
      return momentOf(end.date, end.time);
  }
}

/** Whether the person must say when it ends before it can be chosen. */
export function asksEnd(type: ActivityType, end: End): boolean {
  return type.default_end.kind === "date" && end.kind === "usual";
}

/** Under an activity's name: when it would end. */
export function endText(type: ActivityType, end: End, work: Work | null, now: number): string {
  if (type.id === AVAILABLE) return "";
  const moment = momentOfEnd(end, work, now);
  if (moment !== null)
    return t("activities.until", { time: back(new Date(moment).toISOString(), now) });
  return usualText(type, work, now);
}

/** When a type ends by itself: "60 min", "till 17:00", "tills arbetet börjar" … */
export function usualText(type: ActivityType, work: Work | null, now: number): string {
  const { kind, minutes } = type.default_end;
  if (kind === "minutes") return duration(minutes ?? 0);
  if (kind === "end_of_work" && work) {
    const end = endOfWork(work.hours, work.zone, now);
    if (end !== null)
      return t("activities.until", { time: back(new Date(end).toISOString(), now) });
  }
  return t(`activities.end.${kind}`);
}

/** "45 min", "1 h", "1 h 30 min". */
export function duration(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (hours === 0) return t("activities.minutes", { minutes: rest });
  const whole = t("activities.hours", { hours });
  return rest === 0 ? whole : `${whole} ${t("activities.minutes", { minutes: rest })}`;
}
