import { useEffect, useState } from "react";
import { useLocation, useSearch } from "wouter";
import { type Outcome, outcomeOf } from "./consent";

/** How a consent went, told once: the address is tidied, so that it is not told again on reload. */
export function useOutcome(): { outcome: Outcome | null; forget(): void } {
  const search = useSearch();
  const [path, navigate] = useLocation();
  const [outcome, setOutcome] = useState(() => outcomeOf(search));
  useEffect(() => {
    const found = outcomeOf(search);
    if (!found) return;
    setOutcome(found);
    navigate(path, { replace: true });
  }, [search, path, navigate]);
  return { outcome, forget: () => setOutcome(null) };
}
