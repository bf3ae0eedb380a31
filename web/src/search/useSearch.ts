import { useCallback, useEffect, useState } from "react";
import { useChat, useChatState } from "../chat/context";
import { sentence } from "../lib/api";
import type { SearchHit } from "../lib/types";

export interface Filters {
  query: string;
  room: string;
  author: string;
  /** No older than this many days; empty for any age. */
  days: string;
}

interface Answer {
  hits: SearchHit[];
  cursor?: string | null;
}

interface Found {
  hits: SearchHit[] | null;
  cursor: string | null;
  busy: boolean;
  problem: string;
}

const LIMIT = 30;
const DAY_MS = 86_400_000;
const NOTHING: Found = { hits: null, cursor: null, busy: false, problem: "" };

/** Hits for the filters; a newer question makes the answer to an older one void. */
export function useSearch({ query, room, author, days }: Filters) {
  const chat = useChat();
  const ready = useChatState((state) => state.current);
  const [found, setFound] = useState<Found>(NOTHING);
  const ask = useCallback(
    (cursor: string | null) =>
      chat.engine.command<Answer>("message.search", {
        query,
        limit: LIMIT,
        ...(room && { room_id: room }),
        ...(author && { author_id: author }),
        ...(days && { after: new Date(Date.now() - Number(days) * DAY_MS).toISOString() }),
        ...(cursor && { cursor }),
      }),
    [chat, query, room, author, days],
  );
  useEffect(() => {
    if (!query || !ready) {
      setFound(NOTHING);
      return;
    }
    let current = true;
    setFound((before) => ({ ...before, busy: true, problem: "" }));
    ask(null)
      .then(({ hits, cursor }) => {
        if (current) setFound({ hits, cursor: cursor ?? null, busy: false, problem: "" });
      })
      .catch((error) => current && setFound({ ...NOTHING, problem: sentence(error) }));
    return () => {
      current = false;
    };
  }, [ask, query, ready]);

  const loadMore = async () => {
    setFound((before) => ({ ...before, busy: true }));
    try {
      const { hits, cursor } = await ask(found.cursor);
      setFound((before) => ({
        hits: [...(before.hits ?? []), ...hits],
        cursor: cursor ?? null,
        busy: false,
        problem: "",
      }));
    } catch (error) {
      setFound((before) => ({ ...before, busy: false, problem: sentence(error) }));
    }
  };
  return { ...found, more: found.cursor !== null, loadMore: () => void loadMore() };
}
