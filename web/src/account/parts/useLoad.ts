import { useCallback, useEffect, useRef, useState } from "react";
import { api } from "../../lib/api";

export interface Loaded<T> {
  data: T | undefined;
  error: unknown;
  reload: () => Promise<void>;
  /** Change what is shown without asking the server: it has already answered, or is about to. */
  change: (next: (old: T) => T) => void;
}

/** GET *path* when the page opens, and again on demand. An older answer never beats a newer one. */
export function useLoad<T>(path: string): Loaded<T> {
  const [state, setState] = useState<{ data?: T; error?: unknown }>({});
  const turn = useRef(0);

  const reload = useCallback(async () => {
    turn.current += 1;
    const mine = turn.current;
    try {
      const data = await api.get<T>(path);
      if (mine === turn.current) setState({ data });
    } catch (error) {
      if (mine === turn.current) setState((old) => ({ ...old, error }));
    }
  }, [path]);

  const change = useCallback((next: (old: T) => T) => {
    setState((old) => (old.data === undefined ? old : { ...old, data: next(old.data) }));
  }, []);

  useEffect(() => {
    void reload();
    return () => {
      turn.current += 1;
    };
  }, [reload]);

  return { data: state.data, error: state.error, reload, change };
}
