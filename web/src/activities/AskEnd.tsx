import { ActionIcon, Button } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { Notice } from "../account/parts/Notice";
import { t } from "../lib/i18n";
import type { ActivityType, Person } from "../lib/types";
import styles from "./activities.module.css";
import { lookOf } from "./activity";
import { DateTime } from "./DateTime";
import type { End, Work } from "./ends";
import { Sign } from "./Sign";
import { dateField, momentOf, nextWorkday, startOfWork } from "./when";

interface Props {
  type: ActivityType;
  /** A colleague; null for myself. */
  person: Person | null;
  work: Work | null;
  busy: boolean;
  problem: string | undefined;
  /** The field for the note. */
  children: ReactNode;
  onBack(): void;
  onChoose(end: End): void;
}

/** Ask when somebody is back, for what has no usual end: a vacation, a journey. */
export function AskEnd(props: Props) {
  const { type, person, work, busy, problem, children, onBack, onChoose } = props;
  const { label, icon, colour } = lookOf(type);
  const [date, setDate] = useState(() =>
    work ? nextWorkday(work.hours, Date.now()) : dateField(Date.now(), 1),
  );
  const [time, setTime] = useState(() => startOn(work, date));
  const [fault, setFault] = useState<string>();
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector<HTMLElement>("[type=date]")?.focus(), []);

  const change = (nextDate: string, nextTime: string) => {
    setFault(undefined);
    // Another day begins when its work does, as long as the person has not written a time.
    const untouched = time === startOn(work, date) && nextTime === time;
    setDate(nextDate);
    setTime(untouched && nextDate ? startOn(work, nextDate) : nextTime);
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    const moment = momentOf(date, time);
    if (moment === null) setFault(t("activities.missing"));
    else if (moment <= Date.now()) setFault(t("activities.past"));
    else onChoose({ kind: "at", date, time });
  };
  return (
    <form ref={form} className={styles.panel} onSubmit={onSubmit} noValidate>
      <header className={styles.now}>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={34}
          onClick={onBack}
          aria-label={t("activities.askBack")}
        >
          <IconArrowLeft size={19} stroke={1.8} />
        </ActionIcon>
        <Sign icon={icon} colour={colour} size={40} solid />
        <span className={styles.nowWords}>
          <b>{label}</b>
          <small>
            {person ? t("activities.askOther", { name: person.name }) : t("activities.ask")}
          </small>
        </span>
      </header>
      <DateTime date={date} time={time} error={fault !== undefined} autoFocus onChange={change} />
      {children}
      <Notice>{fault ?? problem}</Notice>
      <Button type="submit" loading={busy} fullWidth>
        {t("activities.askChoose", { activity: label })}
      </Button>
    </form>
  );
}

function startOn(work: Work | null, date: string): string {
  return work ? startOfWork(work.hours, date) : "08:00";
}
