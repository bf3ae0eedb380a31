import { IconQuote } from "@tabler/icons-react";
import { t } from "../lib/i18n";
import type { Announcement } from "../lib/types";
import styles from "./activities.module.css";
import { Player } from "./Player";

/** What callers hear: the words and, where there is sound, a way to listen. */
export function Heard({ announcement }: { announcement: Announcement }) {
  const { text, language, audio } = announcement;
  return (
    <figure className={styles.heard}>
      <IconQuote size={20} stroke={1.6} aria-hidden />
      <blockquote lang={language}>{text}</blockquote>
      {audio && <Player src={audio["16000"]} label={t("people.heard")} />}
    </figure>
  );
}
