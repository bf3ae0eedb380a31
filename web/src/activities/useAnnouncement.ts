import { useEffect, useRef } from "react";
import { useLoad } from "../account/parts/useLoad";
import type { Announcement, Presence } from "../lib/types";
import { useClock } from "./clock";

/** What callers of somebody hear, asked for again whenever what they do becomes something else. */
export function useAnnouncement(path: string, presence: Presence) {
  const loaded = useLoad<Announcement>(path);
  const { reload } = loaded;
  const { activity, until } = presence;
  const over = useClock((now) => until !== null && Date.parse(until) <= now);
  const known = `${activity} ${until} ${over}`;
  const last = useRef(known);
  useEffect(() => {
    if (last.current === known) return;
    last.current = known;
    void reload();
  }, [reload, known]);
  return loaded;
}
