import { useCallback, useEffect, useRef, useState } from "react";
import { useChatState } from "../chat/context";
import { api, sentence } from "../lib/api";
import type { Contact } from "./types";

interface Page {
  contacts: Contact[];
  /** Absent on the last page. */
  cursor?: string | null;
}

interface Loaded {
  rows: Contact[];
  cursor: string | null;
  /** Nothing has been answered yet. */
  fresh: boolean;
  problem: string;
}

const PAGE = 100;
const NOTHING: Loaded = { rows: [], cursor: null, fresh: true, problem: "" };

export interface Pages extends Loaded {
  loadMore: () => void;
  retry: () => void;
}

/**
 * Contacts of a scope (empty for both) by name, a page at a time. When contacts change, as many are
 * fetched again as were there, and the old ones stand until the new ones have come.
 */
export function useContactPages(scope: "" | "personal" | "global"): Pages {
  const changes = useChatState((state) => state.contactChanges);
  const [loaded, setLoaded] = useState<Loaded>(NOTHING);
  const turn = useRef(0);
  const wanted = useRef(PAGE);

  const fetchAll = useCallback(async () => {
    turn.current += 1;
    const mine = turn.current;
    try {
      const rows: Contact[] = [];
      let cursor: string | null = null;
      do {
        const page: Page = await api.get<Page>("/api/contacts", { scope, cursor, limit: PAGE });
        if (mine !== turn.current) return;
        rows.push(...page.contacts);
        cursor = page.cursor ?? null;
      } while (cursor && rows.length < wanted.current);
      setLoaded({ rows, cursor, fresh: false, problem: "" });
    } catch (error) {
      const problem = sentence(error);
      if (mine === turn.current) setLoaded((old) => ({ ...old, fresh: false, problem }));
    }
  }, [scope]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: changed contacts are asked for again
  useEffect(() => {
    void fetchAll();
    return () => {
      turn.current += 1;
    };
  }, [fetchAll, changes]);

  const loadMore = useCallback(async () => {
    const { cursor } = loaded;
    if (!cursor) return;
    const mine = turn.current;
    try {
      const page = await api.get<Page>("/api/contacts", { scope, cursor, limit: PAGE });
      if (mine !== turn.current) return;
      setLoaded((old) => {
        if (old.cursor !== cursor) return old;
        const rows = [...old.rows, ...page.contacts];
        wanted.current = rows.length;
        return { rows, cursor: page.cursor ?? null, fresh: false, problem: "" };
      });
    } catch (error) {
      setLoaded((old) => ({ ...old, problem: sentence(error) }));
    }
  }, [loaded, scope]);

  return { ...loaded, loadMore: () => void loadMore(), retry: () => void fetchAll() };
}
