import { Text } from "@mantine/core";
import { IconAt, IconBuilding, IconClock, IconMail, IconPhone } from "@tabler/icons-react";
import { t } from "../../lib/i18n";
import { clock } from "../../lib/time";
import type { Person } from "../../lib/types";
import { Avatar } from "../parts/Avatar";
import styles from "./panels.module.css";

/** Who somebody is and how to reach them. */
export function PersonCard({ person }: { person: Person }) {
  const icon = { size: 18, stroke: 1.6, "aria-hidden": true };
  return (
    <>
      <div className={styles.head}>
        <Avatar person={person} size={88} />
        <h3>{person.name}</h3>
        {person.title && (
          <Text fz="sm" c="var(--ink-2)">
            {person.title}
          </Text>
        )}
        <Text fz="sm" c="var(--ink-3)">
          {person.role === "bot" ? t("chat.bot") : t(`chat.presence.${person.presence.online}`)}
        </Text>
        {person.presence.note && <p className={styles.note}>{person.presence.note}</p>}
      </div>
      <dl className={styles.facts}>
        {person.department && (
          <Fact icon={<IconBuilding {...icon} />} name={t("chat.person.department")}>
            {person.department}
          </Fact>
        )}
        {person.phones.map((phone) => (
          <Fact
            key={phone.kind + phone.number}
            icon={<IconPhone {...icon} />}
            name={t(`chat.person.phone.${phone.kind}`)}
          >
            <a href={`tel:${phone.number.replace(/[^\d+]/g, "")}`}>{phone.number}</a>
          </Fact>
        ))}
        {person.email && (
          <Fact icon={<IconMail {...icon} />} name={t("chat.person.email")}>
            <a href={`mailto:${person.email}`}>{person.email}</a>
          </Fact>
        )}
        <Fact icon={<IconAt {...icon} />} name={t("chat.person.handle")}>
          {person.handle}
        </Fact>
        <LocalTime person={person} icon={<IconClock {...icon} />} />
      </dl>
    </>
  );
}

interface FactProps {
  icon: React.ReactNode;
  name: string;
  children: React.ReactNode;
}

function Fact({ icon, name, children }: FactProps) {
  return (
    <div>
      {icon}
      <span>
        <dt>{name}</dt>
        <dd>{children}</dd>
      </span>
    </div>
  );
}

/** Shown when it is another time where the person is. */
function LocalTime({ person, icon }: { person: Person; icon: React.ReactNode }) {
  const now = new Date();
  const there = timeIn(person.time_zone, now);
  if (!there || there === clock(now.toISOString())) return null;
  return (
    <Fact icon={icon} name={t("chat.person.time")}>
      {there}
    </Fact>
  );
}

function timeIn(timeZone: string, now: Date): string | null {
  try {
    const parts = { hour: "2-digit", minute: "2-digit", timeZone } as const;
    return new Intl.DateTimeFormat("sv-SE", parts).format(now);
  } catch {
    return null;
  }
}
