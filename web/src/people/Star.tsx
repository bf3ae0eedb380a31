import { ActionIcon, Tooltip } from "@mantine/core";
import { IconStar, IconStarFilled } from "@tabler/icons-react";
import { useFavourite } from "../contacts/favourites";
import { t } from "../lib/i18n";
import type { Person } from "../lib/types";
import styles from "./PeoplePage.module.css";

/** Mark a colleague as a favourite, or no longer. */
export function Star({ person }: { person: Person }) {
  const { star, set } = useFavourite("person", person.id);
  const label = t(star ? "people.unstar" : "people.star");
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size={38}
        radius="md"
        className={styles.star}
        aria-pressed={star}
        aria-label={t("people.starOf", { name: person.name })}
        onClick={() => void set({ star: !star })}
      >
        {star ? <IconStarFilled size={18} /> : <IconStar size={18} stroke={1.7} />}
      </ActionIcon>
    </Tooltip>
  );
}
