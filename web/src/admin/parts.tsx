import { Badge } from "@mantine/core";
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

const PLAN_COLOURS: Record<Plan, string> = {
  basic: "gray",
  pro: "spruce",
  business: "indigo",
  enterprise: "grape",
};

export function PlanBadge({ plan }: { plan: Plan }) {
  return (
    <Badge variant="light" color={PLAN_COLOURS[plan]} tt="none" fw={600}>
      {t(`account.plan.${plan}`)}
    </Badge>
  );
}

export function StatusDot({ status }: { status: Status }) {
  return (
    <span className={styles.status} data-status={status}>
      {t(`admin.status.${status}`)}
    </span>
  );
}
