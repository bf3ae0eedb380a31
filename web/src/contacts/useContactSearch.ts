import { useEffect, useState } from "react";
import { useChat, useChatState } from "../chat/context";
import { sentence } from "../lib/api";
import type { Contact } from "./types";

export const LIMIT = 60;
const PAUSE_MS = 140;

export interface Found {
  /** The query that these are the hits of. */
  query: string;
  hits: Contact[];
  problem: string;
}

/** Everybody who matches, once the typing pauses; an older answer never beats a newer one. */
export function useContactSearch(query: string): Found | null {
  const chat = useChat();
  const ready = useChatState((state) => state.current);
  const changes = useChatState((state) => state.contactChanges);
  const [found, setFound] = useState<Found | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: changed contacts are asked for again
  useEffect(() => {
    if (!query || !ready) {
      setFound(null);
      return;
    }
    let current = true;
    const timer = setTimeout(() => {
      chat.engine
        .command<Contact[]>("contact.search", { query, limit: LIMIT })
        .then((hits) => current && setFound({ query, hits, problem: "" }))
        .catch((error) => current && setFound({ query, hits: [], problem: sentence(error) }));
    }, PAUSE_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [chat, query, ready, changes]);
  return found;
}
