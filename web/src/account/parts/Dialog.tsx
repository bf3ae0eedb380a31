import { Modal } from "@mantine/core";
import type { ReactNode } from "react";
import { t } from "../../lib/i18n";
import styles from "./page.module.css";

interface Props {
  opened: boolean;
  title: string;
  size?: "md" | "lg" | "auto";
  /** Stays open when one clicks beside it: what it shows is not shown again. */
  sticky?: boolean;
  onClose: () => void;
  children: ReactNode;
}

/** One task in front of the page; Escape and the cross leave it. */
export function Dialog({ opened, title, size = "md", sticky = false, onClose, children }: Props) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={title}
      size={size}
      padding="lg"
      closeOnClickOutside={!sticky}
      classNames={{ title: styles.dialogTitle ?? "" }}
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      {children}
    </Modal>
  );
}
