import { IconCalendarClock } from "@tabler/icons-react";
import { useEffect } from "react";
import { Link } from "wouter";
import styles from "../activities/activities.module.css";
import { t } from "../lib/i18n";
import { clock } from "../lib/time";
import { CALENDARS } from "./consent";
import { loadCalendar, useMine } from "./mine";
import { useLook } from "./useLook";
import { useSoon } from "./useMeetings";
import { useWorry, WorrySign } from "./Worry";
import { minutesUntil } from "./week";

/** What my calendars have to say in the menu: a meeting is near, or they are not synced. */
export function CalendarNews({ onLeave }: { onLeave(): void }) {
  const worry = useWorry();
  const some = (useMine().connections ?? []).length > 0;
  // A meeting that was moved later today is told to nobody: who opens the menu asks.
  useEffect(() => {
    if (some) void loadCalendar();
  }, [some]);
  const soon = useSoon();
  const look = useLook(soon?.activity_id ?? null);
  return (
    <>
      {soon && (
        <p className={styles.news} style={{ margin: 0 }} role="note">
          <IconCalendarClock size={17} stroke={1.8} aria-hidden />
          <span>
            {t("calendars.menu.soon", {
              activity: look.label,
              count: minutesUntil(soon.start, Date.now()),
              time: clock(soon.start),
            })}
            {soon.subject && <small>{soon.subject}</small>}
          </span>
        </p>
      )}
      {worry && (
        <Link href={CALENDARS} className={styles.news} data-worry onClick={onLeave}>
          <WorrySign size={17} />
          <span>
            {t(`calendars.menu.${worry}`)}
            <small>{t("calendars.menu.staleHint")}</small>
          </span>
        </Link>
      )}
    </>
  );
}
