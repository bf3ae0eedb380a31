import { useCallback, useSyncExternalStore } from "react";
import type { Draft } from "../../engine/drafts";
import { useChat } from "../context";

const cache = new Map<string, { text: string; draft: Draft }>();

/** What is begun in a room, kept as it is written and shared with the person's other tabs. */
export function useDraft(roomId: string) {
  const { drafts } = useChat();
  const draft = useSyncExternalStore(
    useCallback(
      (changed) => drafts.subscribe((id) => id === roomId && changed()),
      [drafts, roomId],
    ),
    () => stable(roomId, drafts.read(roomId)),
  );
  return {
    body: draft.body,
    replyTo: draft.reply_to,
    setBody: (body: string) => drafts.write(roomId, { ...drafts.read(roomId), body }),
    clear: () => drafts.write(roomId, { body: "", reply_to: null }),
  };
}

/** The same object for the same content, as React asks of a snapshot. */
function stable(roomId: string, draft: Draft): Draft {
  const text = JSON.stringify(draft);
  const known = cache.get(roomId);
  if (known?.text === text) return known.draft;
  cache.set(roomId, { text, draft });
  return draft;
}
