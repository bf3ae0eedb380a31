import { memo } from "react";
import { t } from "../../lib/i18n";
import { dayName } from "../../lib/time";
import type { Item } from "./items";
import styles from "./MessageList.module.css";
import { MessageRow } from "./MessageRow";
import { SystemRow } from "./SystemRow";
import { UnsentRow } from "./UnsentRow";

/** A row with what stands above it: the day, the line before the first new message. */
export const ListItem = memo(
  function ListItem({ item, lit }: { item: Item; lit: boolean }) {
    return (
      <div className={styles.item}>
        {item.day && (
          <div className={styles.day}>
            <span>{dayName(item.day)}</span>
          </div>
        )}
        {item.fresh && (
          <div className={styles.fresh} role="separator" aria-label={t("chat.messages.fresh")}>
            <span>{t("chat.messages.fresh")}</span>
          </div>
        )}
        <Content item={item} lit={lit} />
      </div>
    );
  },
  // Items are built anew with every change of the log; most of them are the same as before.
  (was, is) =>
    was.lit === is.lit &&
    was.item.row === is.item.row &&
    was.item.unsent === is.item.unsent &&
    was.item.day === is.item.day &&
    was.item.head === is.item.head &&
    was.item.fresh === is.item.fresh &&
    was.item.seenBy === is.item.seenBy,
);

function Content({ item, lit }: { item: Item; lit: boolean }) {
  if (item.unsent) return <UnsentRow unsent={item.unsent} head={item.head} />;
  if (item.row?.kind === "message") {
    return <MessageRow message={item.row} head={item.head} lit={lit} seenBy={item.seenBy} />;
  }
  return item.row && <SystemRow row={item.row} />;
}
