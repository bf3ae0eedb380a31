import styles from "./contacts.module.css";
import { highlight } from "./highlight";

/** A text with what was searched for marked in it. */
export function Highlit({ text, query }: { text: string; query: string }) {
  if (!query) return text;
  return highlight(text, query).map((piece, at) =>
    piece.hit ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text have no other identity
      <mark key={at} className={styles.hit}>
        {piece.text}
      </mark>
    ) : (
      piece.text
    ),
  );
}
