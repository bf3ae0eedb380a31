import { IconAlertCircle, IconCircleCheck, IconInfoCircle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import styles from "./page.module.css";

const LOOKS = {
  problem: { Icon: IconAlertCircle, role: "alert" },
  done: { Icon: IconCircleCheck, role: "status" },
  hint: { Icon: IconInfoCircle, role: "note" },
} as const;

interface Props {
  kind?: keyof typeof LOOKS;
  title?: string;
  children: ReactNode;
}

/** A sentence that matters, read out when it appears. Nothing at all without content. */
export function Notice({ kind = "problem", title, children }: Props) {
  if (!children) return null;
  const { Icon, role } = LOOKS[kind];
  return (
    <div className={styles.notice} data-kind={kind} role={role}>
      <Icon size={18} aria-hidden />
      <div>
        {title && <strong>{title}</strong>}
        {children}
      </div>
    </div>
  );
}
