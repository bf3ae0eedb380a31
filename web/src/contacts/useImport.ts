import { useCallback, useEffect, useState } from "react";
import { useChatState } from "../chat/context";
import { api, Problem, sentence } from "../lib/api";
import type { ContactImport } from "./types";

const ASK_EVERY_MS = 2500;

export interface Following {
  found: ContactImport | null;
  problem: string;
  /** Nobody knows it (any more). */
  gone: boolean;
  take(found: ContactImport): void;
}

/** An import as it goes on: told by facts, and asked for now and then in case one was lost. */
export function useImport(id: string | undefined): Following {
  const told = useChatState((state) => state.contactImport);
  const [found, setFound] = useState<ContactImport | null>(null);
  const [problem, setProblem] = useState("");
  const [gone, setGone] = useState(false);
  const take = useCallback((next: ContactImport) => setFound((old) => later(old, next)), []);

  useEffect(() => {
    if (told && told.id === id) take(told);
  }, [told, id, take]);

  const working = !found || found.status === "reading" || found.status === "applying";
  useEffect(() => {
    if (!id || !working) return;
    let current = true;
    const ask = () =>
      api
        .get<ContactImport>(`/api/contacts/imports/${id}`)
        .then((next) => {
          if (!current) return;
          setProblem("");
          take(next);
        })
        .catch((error) => {
          if (!current) return;
          if (error instanceof Problem && error.status === 404) setGone(true);
          else setProblem(sentence(error));
        });
    void ask();
    const timer = setInterval(() => void ask(), ASK_EVERY_MS);
    return () => {
      current = false;
      clearInterval(timer);
    };
  }, [id, working, take]);

  const mine = found?.id === id ? found : null;
  return { found: mine, problem, gone, take };
}

const ORDER = ["reading", "read", "applying", "done", "failed"];

/** The one that is further on; a late answer does not wind back what was told meanwhile. Pure. */
export function later(old: ContactImport | null, next: ContactImport): ContactImport {
  if (!old || old.id !== next.id) return next;
  const [before, after] = [ORDER.indexOf(old.status), ORDER.indexOf(next.status)];
  if (before !== after) return before > after ? old : next;
  // News on the way may come without the faults that were listed before.
  return next.rows >= old.rows ? { ...next, faults: next.faults ?? old.faults } : old;
}
