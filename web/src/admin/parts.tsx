import type { ReactNode } from "react";
import { t } from "../lib/i18n";
import type { Plan } from "../lib/types";
import styles from "./admin.module.css";
import type { Status } from "./people/filter";

interface HeadProps {
  title: string;
  lead?: ReactNode;
  children?: ReactNode;
}

/** What a page is for, and its main button. */
export function Head({ title, lead, children }: HeadProps) {
  return (
    <div className={styles.head}>
      <div>
        <h2 className={styles.headTitle}>{title}</h2>
        {lead && <p className={styles.headLead}>{lead}</p>}
      </div>
      {children}
    </div>
  );
}

export function PlanBadge({ plan }: { plan: Plan }) {
  return (
    <span className={styles.plan} data-plan={plan}>
      {t(`account.plan.${plan}`)}
    </span>
  );
}

export function StatusDot({ status }: { status: Status }) {
  return (
    <span className={styles.status} data-status={status}>
      {t(`admin.status.${status}`)}
    </span>
  );
}
