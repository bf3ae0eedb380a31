import { Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import styles from "./parts.module.css";

interface Props {
  icon: ReactNode;
  title: string;
  detail?: string;
  children?: ReactNode;
}

/** What a page says when there is nothing on it yet. */
export function Empty({ icon, title, detail, children }: Props) {
  return (
    <div className={styles.empty}>
      <span className={styles.emptyIcon} aria-hidden>
        {icon}
      </span>
      <Title order={2} fz="lg">
        {title}
      </Title>
      {detail && (
        <Text c="var(--ink-2)" fz="sm" maw={380}>
          {detail}
        </Text>
      )}
      {children}
    </div>
  );
}
