import { Select, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { t } from "../../lib/i18n";
import type { Plan, Role } from "../../lib/types";
import styles from "../admin.module.css";
import type { Status, Wanted } from "./filter";

const PLANS: Plan[] = ["basic", "pro", "business", "enterprise"];
const ROLES: Role[] = ["member", "attendant", "admin", "operator"];
const STATUSES: Status[] = ["active", "invited", "blocked"];

interface Props {
  wanted: Wanted;
  onChange: (wanted: Wanted) => void;
}

/** Words to look for, and what to narrow by. */
export function Filters({ wanted, onChange }: Props) {
  return (
    <search className={styles.filters}>
      <TextInput
        type="search"
        aria-label={t("admin.searchPeople")}
        placeholder={t("admin.searchPeople")}
        leftSection={<IconSearch size={17} />}
        value={wanted.words}
        onChange={(event) => onChange({ ...wanted, words: event.currentTarget.value })}
      />
      <Select
        clearable
        aria-label={t("admin.field.plan")}
        placeholder={t("admin.allPlans")}
        data={PLANS.map((plan) => ({ value: plan, label: t(`account.plan.${plan}`) }))}
        value={wanted.plan}
        onChange={(plan) => onChange({ ...wanted, plan: plan as Plan | null })}
      />
      <Select
        clearable
        aria-label={t("admin.field.role")}
        placeholder={t("admin.allRoles")}
        data={ROLES.map((role) => ({ value: role, label: t(`account.role.${role}`) }))}
        value={wanted.role}
        onChange={(role) => onChange({ ...wanted, role: role as Role | null })}
      />
      <Select
        className={styles.wide}
        clearable
        aria-label={t("admin.status")}
        placeholder={t("admin.allStatuses")}
        data={STATUSES.map((status) => ({ value: status, label: t(`admin.status.${status}`) }))}
        value={wanted.status}
        onChange={(status) => onChange({ ...wanted, status: status as Status | null })}
      />
    </search>
  );
}
