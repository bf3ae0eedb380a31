import { t } from "../../lib/i18n";
import { plain } from "../../lib/markdown";
import { useChatState } from "../context";

/** Reads the newest message of the open room aloud to those who listen. */
export function LiveRegion({ roomId }: { roomId: string }) {
  const words = useChatState((state) => {
    const message = state.rooms[roomId]?.last_message;
    if (!message || message.deleted || message.author_id === state.me?.id) return "";
    const name = state.people[message.author_id]?.name ?? t("chat.someone");
    return `${name}: ${plain(message.body)}`;
  });
  return (
    <div className="visually-hidden" aria-live="polite" data-testid="live">
      {words}
    </div>
  );
}
