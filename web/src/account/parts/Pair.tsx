import type { ReactNode } from "react";
import styles from "./page.module.css";

/** Two fields side by side; below each other where it is narrow. */
export function Pair({ children }: { children: ReactNode }) {
  return <div className={styles.pair}>{children}</div>;
}

/** The row of buttons that ends a form. */
export function Actions({ children }: { children: ReactNode }) {
  return <div className={styles.actions}>{children}</div>;
}
