import { useClock } from "../activities/clock";
import { useMyself } from "../chat/context";
import { mine, useMine } from "./mine";
import type { ExplainedOccurrence } from "./types";
import { fromCalendar, minutesUntil, soon } from "./week";

/** The meeting of mine that begins within the hour, kept true by the clock. */
export function useSoon(): ExplainedOccurrence | undefined {
  const { calendar } = useMine();
  const read = (now: number) => soon(mine.get().calendar?.occurrences ?? [], now);
  useClock((now) => {
    const next = read(now);
    return next ? `${next.id} ${minutesUntil(next.start, now)}` : "";
  });
  return calendar ? read(Date.now()) : undefined;
}

/** The meeting that my activity comes from, when a calendar decides it. */
export function useDeciding(): ExplainedOccurrence | undefined {
  const { calendar } = useMine();
  const { activity } = useMyself().presence;
  const read = (now: number) => fromCalendar(mine.get().calendar, activity, now);
  useClock((now) => read(now)?.id ?? "");
  return calendar ? read(Date.now()) : undefined;
}
