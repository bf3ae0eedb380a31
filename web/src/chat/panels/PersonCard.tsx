import { Button, Text } from "@mantine/core";
import {
  IconAt,
  IconBuilding,
  IconClock,
  IconDeviceMobileMessage,
  IconMail,
  IconPhone,
  IconPhoneCheck,
} from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { AVAILABLE } from "../../activities/activity";
import { ChoosePanel } from "../../activities/ChoosePanel";
import { useClock } from "../../activities/clock";
import { Heard } from "../../activities/Heard";
import { LineSign } from "../../activities/LineSign";
import { Pill } from "../../activities/Pill";
import { useAnnouncement } from "../../activities/useAnnouncement";
import { useStatus } from "../../activities/useStatus";
import { back } from "../../activities/when";
import { api } from "../../lib/api";
import { currentLocale, t } from "../../lib/i18n";
import type { Me, Person } from "../../lib/types";
import { dialled, numbersOf, written } from "../../people/numbers";
import { Reaching } from "../../people/Reaching";
import { useMyself } from "../context";
import { Avatar } from "../parts/Avatar";
import styles from "./panels.module.css";

interface Props {
  person: Person;
  /** Where there is no chat beside the card: a way to it. */
  onChat?: (() => void) | undefined;
}

/** Who somebody is, what they do until when, what their callers hear, and how to reach them. */
export function PersonCard({ person, onChat }: Props) {
  return (
    <>
      <Head person={person} />
      <Reaching person={person} onChat={onChat} />
      <Choosing person={person} />
      {person.role !== "bot" && <Callers person={person} />}
      <Facts person={person} />
    </>
  );
}

function Head({ person }: { person: Person }) {
  const status = useStatus(person);
  const under = [person.title, person.department].filter(Boolean).join(" · ");
  return (
    <div className={styles.head}>
      <Avatar person={person} size={88} presence silent />
      <h3>{person.name}</h3>
      {under && (
        <Text fz="sm" c="var(--ink-2)">
          {under}
        </Text>
      )}
      {status ? (
        <span className={styles.state}>
          <Pill status={status} large />
          <LineSign line={status.line} />
        </span>
      ) : (
        <Text fz="sm" c="var(--ink-3)">
          {t("chat.bot")}
        </Text>
      )}
      {status?.id === AVAILABLE && status.online !== "online" && (
        <Text fz="sm" c="var(--ink-3)">
          {t(`chat.presence.${status.online}`)}
        </Text>
      )}
      {person.presence.note && <p className={styles.note}>{person.presence.note}</p>}
    </div>
  );
}

/** Whether to offer choosing this person's activity: mine, everybody's, or who asked me to. */
function useMayChoose(me: Me, person: Person): boolean {
  const able = person.role !== "bot" && me.can.includes("activities");
  const some = able && me.may_set === "some" && person.id !== me.id;
  const [asked, setAsked] = useState(false);
  useEffect(() => {
    setAsked(false);
    if (!some) return;
    // Only the server knows whom I stand in for: it shows me what they will do, or not.
    let here = true;
    api.get(`/api/people/${person.id}/activities`, { limit: 1 }).then(
      () => here && setAsked(true),
      () => {},
    );
    return () => {
      here = false;
    };
  }, [some, person.id]);
  return able && (person.id === me.id || me.may_set === "all" || (some && asked));
}

function Choosing({ person }: { person: Person }) {
  const me = useMyself();
  const [open, setOpen] = useState(false);
  if (!useMayChoose(me, person)) return null;
  return (
    <section className={styles.choosing} data-open={open || undefined}>
      {open && <ChoosePanel person={person} onDone={() => setOpen(false)} />}
      <Button
        variant={open ? "subtle" : "default"}
        color={open ? "gray" : undefined}
        size="sm"
        fullWidth
        onClick={() => setOpen(!open)}
        aria-expanded={open}
        aria-label={open ? undefined : t("people.changeOf", { name: person.name })}
      >
        {open ? t("common.cancel") : t("people.change")}
      </Button>
    </section>
  );
}

/** What callers hear now; nothing when they would get through. */
function Callers({ person }: { person: Person }) {
  const { data } = useAnnouncement(`/api/people/${person.id}/announcement`, person.presence);
  if (!data?.closed || !data.text) return null;
  return (
    <section className={styles.section}>
      <h3>{t("people.heard")}</h3>
      <Heard announcement={data} />
      {data.next_free && (
        <p className={styles.free}>
          <IconPhoneCheck size={16} stroke={1.8} aria-hidden />
          {t("people.free")} <b>{back(data.next_free, Date.now())}</b>
        </p>
      )}
    </section>
  );
}

function Facts({ person }: { person: Person }) {
  const icon = { size: 18, stroke: 1.6, "aria-hidden": true };
  return (
    <dl className={styles.facts}>
      {numbersOf(person).map((one) => (
        <Fact
          key={one.kind + one.number}
          icon={<IconPhone {...icon} />}
          name={t(`people.number.${one.kind}`)}
        >
          <a
            href={`tel:${dialled(one.number)}`}
            aria-label={t("people.callNumber", { number: written(one) })}
          >
            {written(one)}
          </a>
          {one.kind === "mobile" && (
            <a
              className={styles.sms}
              href={`sms:${dialled(one.number)}`}
              aria-label={t("people.textNumber", { number: written(one) })}
            >
              <IconDeviceMobileMessage size={16} stroke={1.7} aria-hidden /> {t("people.text")}
            </a>
          )}
        </Fact>
      ))}
      {person.email && (
        <Fact icon={<IconMail {...icon} />} name={t("chat.person.email")}>
          <a href={`mailto:${person.email}`}>{person.email}</a>
        </Fact>
      )}
      {person.department && (
        <Fact icon={<IconBuilding {...icon} />} name={t("chat.person.department")}>
          {person.department}
        </Fact>
      )}
      <Fact icon={<IconAt {...icon} />} name={t("chat.person.handle")}>
        {person.handle}
      </Fact>
      <LocalTime person={person} icon={<IconClock {...icon} />} />
    </dl>
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
      <dt>
        {icon}
        {name}
      </dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Shown when it is another time where the person is. */
function LocalTime({ person, icon }: { person: Person; icon: React.ReactNode }) {
  const there = useClock((now) => otherTime(person.time_zone, new Date(now)));
  if (!there) return null;
  return (
    <Fact icon={icon} name={t("chat.person.time")}>
      {there}
    </Fact>
  );
}

/** The time in *timeZone*, or empty when it is the same as here. */
function otherTime(timeZone: string, now: Date): string {
  const parts = { hour: "2-digit", minute: "2-digit" } as const;
  try {
    const there = now.toLocaleTimeString(currentLocale(), { ...parts, timeZone });
    return there === now.toLocaleTimeString(currentLocale(), parts) ? "" : there;
  } catch {
    return "";
  }
}
