import { currentLocale, t } from "../../lib/i18n";
import { useChatState } from "../context";
import { firstName, nameList } from "../names";
import styles from "./Composer.module.css";

const NAMED = 3;

/** Who is writing just now; the line keeps its height so that nothing jumps. */
export function TypingLine({ roomId }: { roomId: string }) {
  const words = useChatState((state) => {
    const ids = Object.keys(state.typing[roomId] ?? {});
    if (ids.length === 0) return "";
    if (ids.length > NAMED) return t("chat.typing.many");
    const names = ids.map((id) => firstName(state.people[id]));
    const name = nameList(names, currentLocale());
    return t(names.length === 1 ? "chat.typing.one" : "chat.typing.some", { name });
  });
  return (
    <div className={styles.typing} aria-live="polite" data-testid="typing">
      {words && (
        <>
          <span className={styles.dots} aria-hidden>
            <i />
            <i />
            <i />
          </span>
          {words}
        </>
      )}
    </div>
  );
}
