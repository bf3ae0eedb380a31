import type { ReactNode } from "react";
import styles from "./page.module.css";

interface Props {
  id?: string;
  title: string;
  lead?: ReactNode;
  children: ReactNode;
}

/** A card with a heading: one matter, saved on its own. */
export function Section({ id, title, lead, children }: Props) {
  return (
    <section className={styles.card} id={id} aria-labelledby={id && `${id}-title`}>
      <div className={styles.cardHead}>
        <h2 className={styles.cardTitle} id={id && `${id}-title`}>
          {title}
        </h2>
        {lead && <p className={styles.cardLead}>{lead}</p>}
      </div>
      {children}
    </section>
  );
}
