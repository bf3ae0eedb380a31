import { Anchor, Text, Title } from "@mantine/core";
import { IconCheck, IconMessageCircleOff } from "@tabler/icons-react";
import { currentLocale, t } from "../lib/i18n";
import { useChatState, useMyself } from "./context";
import { nameList } from "./names";
import styles from "./PlanPage.module.css";

const GAINS = ["direct", "groups", "search", "everywhere"];

/** A Basic user sees what chat would be, and whom to ask; nothing pretends to be broken. */
export function PlanPage() {
  const me = useMyself();
  const admins = useChatState((state) =>
    Object.values(state.people).filter((one) => one.role === "admin" && !one.blocked),
  );
  return (
    <div className={styles.page}>
      <div className={styles.card}>
        <span className={styles.icon} aria-hidden>
          <IconMessageCircleOff size={34} stroke={1.5} />
        </span>
        <Title order={1} fz={26}>
          {t("chat.plan.title", { plan: t(`chat.plan.name.${me.plan}`) })}
        </Title>
        <Text c="var(--ink-2)">{t("chat.plan.detail")}</Text>
        <ul className={styles.gains}>
          {GAINS.map((gain) => (
            <li key={gain}>
              <IconCheck size={18} stroke={2} aria-hidden />
              {t(`chat.plan.gain.${gain}`)}
            </li>
          ))}
        </ul>
        {admins.length > 0 && (
          <Text fz="sm">
            {t("chat.plan.ask", {
              names: nameList(
                admins.map((admin) => admin.name),
                currentLocale(),
              ),
            })}{" "}
            <Anchor href={`mailto:${admins.map((admin) => admin.email).join(",")}`}>
              {t("chat.plan.write")}
            </Anchor>
          </Text>
        )}
      </div>
    </div>
  );
}
