import { ActionIcon, Tooltip } from "@mantine/core";
import { IconStar, IconStarFilled } from "@tabler/icons-react";
import { t } from "../lib/i18n";
import styles from "./contacts.module.css";
import type { FavouriteHook } from "./favourites";

/** A star that is on or off. */
export function StarButton({ name, marks }: { name: string; marks: FavouriteHook }) {
  const label = t(marks.star ? "contacts.unstar" : "contacts.star", { name });
  return (
    <Tooltip label={t(marks.star ? "contacts.unstarShort" : "contacts.starShort")}>
      <ActionIcon
        className={styles.star}
        variant="subtle"
        color="gray"
        size={40}
        aria-label={label}
        aria-pressed={marks.star}
        onClick={() => void marks.set({ star: !marks.star })}
      >
        {marks.star ? <IconStarFilled size={19} /> : <IconStar size={19} stroke={1.7} />}
      </ActionIcon>
    </Tooltip>
  );
}
