import { Stack, Text } from "@mantine/core";
import type { TablerIcon } from "@tabler/icons-react";
import type { ReactNode } from "react";
import styles from "./page.module.css";

interface Props {
  icon: TablerIcon;
  title: string;
  children?: ReactNode;
}

/** Nothing here yet, and what to do about it. */
export function Empty({ icon: Icon, title, children }: Props) {
  return (
    <Stack align="center" gap="sm" py={48} px="md" ta="center">
      <span className={styles.emptyIcon} aria-hidden>
        <Icon size={28} stroke={1.6} />
      </span>
      <h2 className={styles.cardTitle}>{title}</h2>
      {children && (
        <Text size="sm" c="var(--ink-2)" maw={440} component="div">
          {children}
        </Text>
      )}
    </Stack>
  );
}
