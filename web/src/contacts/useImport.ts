import { useCallback, useEffect, useState } from "react";
import { useChatState } from "../chat/context";
import { api, Problem, sentence } from "../lib/api";
import type { ContactImport, ImportProgress } from "./types";

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

  const ask = useCallback(async () => {
    if (!id) return;
    try {
      take(await api.get<ContactImport>(`/api/contacts/imports/${id}`));
      setProblem("");
    } catch (error) {
      if (error instanceof Problem && error.status === 404) setGone(true);
      else setProblem(sentence(error));
    }
  }, [id, take]);

  useEffect(() => {
    if (!told || told.id !== id) return;
    if (isWorking(told)) take({ ...told, detail: null, faults: [] });
    else void ask();
  }, [told, id, take, ask]);

  const working = !found || isWorking(found);
  useEffect(() => {
    if (!working) return;
    void ask();
    const timer = setInterval(() => void ask(), ASK_EVERY_MS);
    return () => clearInterval(timer);
  }, [working, ask]);

  const mine = found?.id === id ? found : null;
  return { found: mine, problem, gone, take };
}

function isWorking({ status }: ImportProgress): boolean {
  return status === "reading" || status === "applying";
}

const ORDER = ["reading", "read", "applying", "done", "failed"];

/** The one that is further on; a late answer does not wind back what was told meanwhile. Pure. */
export function later(old: ContactImport | null, next: ContactImport): ContactImport {
  if (!old || old.id !== next.id) return next;
  const [before, after] = [ORDER.indexOf(old.status), ORDER.indexOf(next.status)];
  if (before !== after) return before > after ? old : next;
  return next.rows >= old.rows ? next : old;
}
