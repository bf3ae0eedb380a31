import { Anchor } from "@mantine/core";
import { IconCalendarOff, IconCheck } from "@tabler/icons-react";
import { Section } from "../account/parts/Section";
import { useChatState } from "../chat/context";
import { nameList } from "../chat/names";
import { currentLocale, t } from "../lib/i18n";
import { useMe } from "../lib/session";
import styles from "./calendars.module.css";

const GAINS = ["closes", "back", "ends", "why"] as const;

/** Why a plan has no calendars, what they would do, and whom to ask. */
export function PlanNote() {
  const me = useMe();
  const admins = useChatState((state) =>
    Object.values(state.people).filter((one) => one.role === "admin" && !one.blocked),
  );
  const plan = t(`account.plan.${me.plan}`);
  return (
    <Section id="plan" title={t("calendars.plan.title", { plan })} lead={t("calendars.plan.lead")}>
      <ul className={styles.gains}>
        {GAINS.map((gain) => (
          <li key={gain}>
            <IconCheck size={18} stroke={2} aria-hidden />
            {t(`calendars.plan.${gain}`)}
          </li>
        ))}
      </ul>
      <p className={styles.planFoot}>
        <IconCalendarOff size={18} stroke={1.7} aria-hidden />
        <span>
          {t("calendars.plan.contacts")}{" "}
          {admins.length > 0 && (
            <>
              {t("chat.plan.ask", {
                names: nameList(
                  admins.map((one) => one.name),
                  currentLocale(),
                ),
              })}{" "}
              <Anchor
                fz="inherit"
                underline="always"
                href={`mailto:${admins.map((one) => one.email).join(",")}`}
              >
                {t("chat.plan.write")}
              </Anchor>
            </>
          )}
        </span>
      </p>
    </Section>
  );
}
