import { useChatState } from "../chat/context";
import type { Person } from "../lib/types";
import { type Status, statusOf, statusText } from "./activity";
import { useClock } from "./clock";
import { dayNumber } from "./when";

export interface ShownStatus extends Status {
  /** One line that says it all. */
  text: string;
}

/** How somebody is, kept true by the clock of this browser. Null for bots and for nobody. */
export function useStatus(person: Person | undefined): ShownStatus | null {
  const company = useChatState((state) => state.activities);
  const until = person?.presence.until ?? null;
  // Only what makes other words: the end has come, or it is another day.
  useClock((now) => `${until !== null && Date.parse(until) <= now} ${dayNumber(new Date(now))}`);
  if (!person || person.role === "bot") return null;
  const now = Date.now();
  const status = statusOf(person, company, now);
  return { ...status, text: statusText(status, now) };
}
