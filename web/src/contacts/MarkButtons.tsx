import { Tooltip, UnstyledButton } from "@mantine/core";
import { IconBan, IconCrown, IconStar, type TablerIcon } from "@tabler/icons-react";
import { t } from "../lib/i18n";
import styles from "./contacts.module.css";
import { type Target, useFavourite } from "./favourites";
import type { Marks } from "./types";

const MARKS: { mark: keyof Marks; icon: TablerIcon }[] = [
  { mark: "star", icon: IconStar },
  { mark: "vip", icon: IconCrown },
  { mark: "blocked", icon: IconBan },
];

interface Props {
  kind: Target;
  id: string;
  name: string;
}

/** Star, VIP and Block of one person or contact; what each does is told beside it. */
export function MarkButtons({ kind, id, name }: Props) {
  const { set, ...marks } = useFavourite(kind, id);
  const toggle = (mark: keyof Marks) => {
    const on = !marks[mark];
    // Somebody who is let through cannot be turned away too.
    const other = mark === "vip" ? { blocked: false } : { vip: false };
    void set({ [mark]: on, ...(on && mark !== "star" ? other : {}) });
  };
  return (
    <div className={styles.marks} role="group" aria-label={t("contacts.marks", { name })}>
      {MARKS.map(({ mark, icon: Icon }) => (
        <Tooltip key={mark} label={t(`contacts.markHint.${mark}`)} multiline w={240}>
          <UnstyledButton
            className={styles.mark}
            data-mark={mark}
            aria-pressed={marks[mark]}
            aria-description={t(`contacts.markHint.${mark}`)}
            onClick={() => toggle(mark)}
          >
            <Icon size={18} stroke={1.8} aria-hidden />
            {t(`contacts.mark.${mark}`)}
          </UnstyledButton>
        </Tooltip>
      ))}
    </div>
  );
}
