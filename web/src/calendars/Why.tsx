import { Button } from "@mantine/core";
import { IconCalendarOff, IconLock } from "@tabler/icons-react";
import { Empty } from "../account/parts/Empty";
import { Loading } from "../account/parts/Loading";
import { Section } from "../account/parts/Section";
import { useClock } from "../activities/clock";
import { Sign } from "../activities/Sign";
import { back, dayNumber } from "../activities/when";
import { currentLocale, t } from "../lib/i18n";
import { clock } from "../lib/time";
import styles from "./calendars.module.css";
import { loadCalendar, useMine } from "./mine";
import type { Decision, ExplainedOccurrence, MyCalendar } from "./types";
import { useLook } from "./useLook";
import { byDay, type Day } from "./week";

/** What decides how I am shown now, and what every meeting of the week will do, and why. */
export function Why() {
  const { calendar, calendarError } = useMine();
  const from = {
    data: calendar ?? undefined,
    error: calendarError,
    reload: loadCalendar,
    change: () => {},
  };
  return (
    <Section id="why" title={t("calendars.why")} lead={t("calendars.whyLead")}>
      <Loading from={from} rows={4} height={52}>
        {(data) => <Reasons calendar={data} />}
      </Loading>
    </Section>
  );
}

function Reasons({ calendar }: { calendar: MyCalendar }) {
  // Only what makes another list: a meeting is over, or it is another day.
  useClock(
    (now) =>
      `${dayNumber(new Date(now))} ${calendar.occurrences.filter(({ end }) => Date.parse(end) > now).length}`,
  );
  const days = byDay(calendar.occurrences, Date.now());
  return (
    <>
      {calendar.now && <Now decision={calendar.now} />}
      {days.map((day) => (
        <DayList key={day.ahead} day={day} />
      ))}
      {days.length === 0 && (
        <Empty icon={IconCalendarOff} title={t("calendars.nothing")}>
          {t("calendars.nothingHint")}
          <br />
          <Button variant="subtle" size="xs" mt="xs" onClick={() => void loadCalendar()}>
            {t("calendars.reload")}
          </Button>
        </Empty>
      )}
    </>
  );
}

function Now({ decision }: { decision: Decision }) {
  const look = useLook(decision.activity_id);
  return (
    <div className={styles.now} role="status" aria-label={t("calendars.now")}>
      <Sign icon={look.icon} colour={look.colour} size={44} solid />
      <div>
        <small>{t("calendars.now")}</small>
        <b>
          {look.label}
          {decision.until &&
            `${look.closes ? " · " : " "}${t(look.closes ? "activities.back" : "activities.until", {
              time: back(decision.until, Date.now()),
            })}`}
        </b>
        <p>{decision.sentence}</p>
      </div>
    </div>
  );
}

function DayList({ day }: { day: Day }) {
  const name = dayTitle(day);
  return (
    <>
      <h3 className={styles.day}>{name}</h3>
      <ul className={styles.occurrences} aria-label={name}>
        {day.occurrences.map((one) => (
          <Row key={one.id} one={one} />
        ))}
      </ul>
    </>
  );
}

function Row({ one }: { one: ExplainedOccurrence }) {
  const look = useLook(one.activity_id);
  return (
    <li className={styles.occurrence} data-counts={one.counts || undefined}>
      <span className={styles.time}>{timeOf(one)}</span>
      {one.counts && one.activity_id ? (
        <Sign icon={look.icon} colour={look.colour} size={32} />
      ) : (
        <span className={styles.ignored} aria-hidden>
          <IconCalendarOff size={17} stroke={1.7} />
        </span>
      )}
      <span className={styles.occurrenceText}>
        <b>
          {one.subject || (
            <>
              <IconLock size={14} aria-hidden /> {t("calendars.noSubject")}
            </>
          )}
        </b>
        <span>{one.sentence}</span>
        <small>
          {[t(`calendars.provider.${one.provider}`), one.calendar].filter(Boolean).join(" · ")}
        </small>
      </span>
    </li>
  );
}

function dayTitle({ at, ahead }: Day): string {
  if (ahead === 0) return t("common.today");
  if (ahead === 1) return t("calendars.tomorrow");
  const name = new Date(at).toLocaleDateString(currentLocale(), {
    weekday: "long",
    day: "numeric",
    month: "long",
  });
  return name.charAt(0).toLocaleUpperCase(currentLocale()) + name.slice(1);
}

/** "10:00–11:00", "22:00–tis 06:00". */
function timeOf(one: ExplainedOccurrence): string {
  if (one.all_day) return t("calendars.allDay");
  const days = dayNumber(new Date(one.end)) - dayNumber(new Date(one.start));
  const day = days > 0 ? `${weekday(one.end)} ` : "";
  return `${clock(one.start)}–${day}${clock(one.end)}`;
}

function weekday(iso: string): string {
  return new Date(iso).toLocaleDateString(currentLocale(), { weekday: "short" });
}
