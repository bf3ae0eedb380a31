import { useEffect, useState } from "react";
import { useChatState } from "../chat/context";
import { api } from "../lib/api";
import type { Contact } from "./types";

const AT_ONCE = 6;

/** The contacts with these ids; those that are gone are left out. Fetched again when any changes. */
export function useContactsById(ids: readonly string[]): Record<string, Contact> {
  const changes = useChatState((state) => state.contactChanges);
  const [known, setKnown] = useState<Record<string, Contact>>({});
  const key = ids.join(" ");
  // biome-ignore lint/correctness/useExhaustiveDependencies: changed contacts are asked for again
  useEffect(() => {
    let current = true;
    const waiting = key ? key.split(" ") : [];
    const work = async () => {
      for (let id = waiting.shift(); id && current; id = waiting.shift()) {
        const wanted = id;
        const found = await api.get<Contact>(`/api/contacts/${wanted}`).catch(() => null);
        if (current && found) setKnown((old) => ({ ...old, [wanted]: found }));
      }
    };
    for (let worker = 0; worker < AT_ONCE; worker += 1) void work();
    return () => {
      current = false;
    };
  }, [key, changes]);
  return known;
}
