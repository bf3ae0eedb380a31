import type { Me } from "../lib/types";

/** Whether the plan lets calendars decide; contacts may be synced in any. */
export function mayHaveCalendars(me: Pick<Me, "can">): boolean {
  return me.can.includes("calendars");
}
