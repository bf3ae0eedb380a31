import { IconRobot } from "@tabler/icons-react";
import styles from "../../chat/parts/Avatar.module.css";
import { hue, initials } from "./initials";

interface Shown {
  id?: string;
  name: string;
  picture?: string | null;
  role?: string;
}

/**
 * A person's picture or initials, as in the chat, but without the chat's engine: the sign-in shows
 * faces before there is one. Decorative, because the name always stands beside it.
 */
export function Face({ person, size = 36 }: { person: Shown; size?: number }) {
  return (
    <span className={styles.avatar} style={{ width: size, height: size }} aria-hidden>
      {person.picture ? (
        <img src={person.picture} alt="" className={styles.picture} />
      ) : (
        <span
          className={styles.initials}
          data-hue={hue(person.name)}
          style={{ fontSize: size * 0.38 }}
        >
          {person.role === "bot" ? (
            <IconRobot size={size * 0.55} stroke={1.6} />
          ) : (
            initials(person.name)
          )}
        </span>
      )}
    </span>
  );
}
