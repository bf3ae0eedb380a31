import { Button } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { currentLocale, t } from "../../lib/i18n";
import { useMe } from "../../lib/session";
import type { WorkingHours } from "../../lib/types";
import { Notice } from "../parts/Notice";
import { Actions } from "../parts/Pair";
import { Section } from "../parts/Section";
import { useSubmit } from "../parts/useSubmit";
import { DayRow } from "./DayRow";
import { anyFault, complete, onWorkdays, sorted, WEEK, weekTotal } from "./hours";
import styles from "./profile.module.css";
import { saveMe } from "./save";

/** When I work, day by day. */
export function Hours() {
  const me = useMe();
  const [hours, setHours] = useState<WorkingHours>(() => complete(me.working_hours));
  const submit = useSubmit();
  const dirty = JSON.stringify(sorted(hours)) !== JSON.stringify(complete(me.working_hours));
  const total = weekTotal(hours).toLocaleString(currentLocale());

  const change = (next: WorkingHours) => {
    submit.clear();
    setHours(next);
  };
  const onSubmit = async (event: FormEvent) => {
    event.preventDefault();
    const tidy = sorted(hours);
    if (await submit.run(() => saveMe({ working_hours: tidy }))) setHours(tidy);
  };

  return (
    <Section id="hours" title={t("account.hours")} lead={t("account.hoursLead")}>
      <form onSubmit={onSubmit}>
        <ul className={styles.week}>
          {WEEK.map((day) => (
            <DayRow
              key={day}
              day={day}
              spans={hours[day]}
              onChange={(spans) => change({ ...hours, [day]: spans })}
            />
          ))}
        </ul>
        <Notice>{submit.message}</Notice>
        <Actions>
          <Button type="submit" loading={submit.busy} disabled={!dirty || anyFault(hours)}>
            {t("common.save")}
          </Button>
          <Button
            variant="default"
            disabled={hours.mon.length === 0}
            onClick={() => change(onWorkdays(hours, "mon"))}
          >
            {t("account.hoursCopy")}
          </Button>
          <p className={styles.total} aria-live="polite">
            {t("account.hoursTotal", { total })}
          </p>
        </Actions>
      </form>
    </Section>
  );
}
