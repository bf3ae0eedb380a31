import { ActionIcon } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { t } from "../../lib/i18n";
import styles from "./panels.module.css";

interface Props {
  title: string;
  onClose(): void;
  children: ReactNode;
}

export function PanelFrame({ title, onClose, children }: Props) {
  return (
    <section aria-label={title} className={styles.frame}>
      <header className={styles.header}>
        <h2>{title}</h2>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={34}
          onClick={onClose}
          aria-label={t("common.close")}
        >
          <IconX size={19} stroke={1.7} />
        </ActionIcon>
      </header>
      {children}
    </section>
  );
}
