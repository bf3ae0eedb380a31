import { Button } from "@mantine/core";
import { IconCalendarCog } from "@tabler/icons-react";
import { Link } from "wouter";
import { CALENDARS } from "../../calendars/consent";
import { useMine } from "../../calendars/mine";
import { ProviderSign } from "../../calendars/providers";
import { StatusLine } from "../../calendars/StatusLine";
import { t } from "../../lib/i18n";
import { Actions } from "../parts/Pair";
import { Section } from "../parts/Section";
import styles from "./profile.module.css";

/** Which calendars are connected, and the way to all about them. */
export function Calendars() {
  const { connections } = useMine();
  const list = connections ?? [];
  return (
    <Section id="calendars" title={t("calendars.title")} lead={t("calendars.profileLead")}>
      {list.length > 0 && (
        <ul className={styles.devices}>
          {list.map((one) => (
            <li key={one.id} className={styles.device}>
              <ProviderSign provider={one.provider} />
              <div className={styles.deviceText}>
                <p className={styles.deviceName}>{t(`calendars.provider.${one.provider}`)}</p>
                <p className={styles.deviceFacts}>{one.account}</p>
                <StatusLine connection={one} />
              </div>
            </li>
          ))}
        </ul>
      )}
      <Actions>
        <Button
          component={Link}
          href={CALENDARS}
          variant="default"
          leftSection={<IconCalendarCog size={17} aria-hidden />}
        >
          {t(list.length > 0 ? "calendars.toCalendars" : "calendars.add")}
        </Button>
      </Actions>
    </Section>
  );
}
