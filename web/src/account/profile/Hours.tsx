import { Button, SegmentedControl, Switch } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { currentLocale, t } from "../../lib/i18n";
import { useMe } from "../../lib/session";
import type { Me, WorkingHours } from "../../lib/types";
import { Notice } from "../parts/Notice";
import { Actions } from "../parts/Pair";
import { Section } from "../parts/Section";
import { useSubmit } from "../parts/useSubmit";
import { DayRow } from "./DayRow";
import { anyFault, complete, onWorkdays, sorted, WEEK, weekTotal } from "./hours";
import styles from "./profile.module.css";
import { saveMe } from "./save";

/** When I work: as the company does, or day by day; and gone for the day by itself. */
export function Hours() {
  const me = useMe();
  const [own, setOwn] = useState(me.own_hours);
  const submit = useSubmit();
  const choose = (next: boolean) => {
    submit.clear();
    setOwn(next);
    // One's own hours are saved when they are written; the company's have nothing to write.
    if (!next && me.own_hours) {
      void submit.run(() => saveMe({ own_hours: false })).then((saved) => setOwn(!saved));
    }
  };
  return (
    <Section id="hours" title={t("account.hours")} lead={t("account.hoursLead")}>
      <SegmentedControl
        mb="md"
        display="flex"
        maw={440}
        aria-label={t("account.hours")}
        value={own ? "own" : "company"}
        onChange={(value) => choose(value === "own")}
        data={[
          { value: "company", label: t("account.hoursCompany") },
          { value: "own", label: t("account.hoursOwn") },
        ]}
      />
      <Notice>{submit.message}</Notice>
      {own ? <OwnHours me={me} /> : <CompanyHours hours={complete(me.working_hours)} />}
      <AutoGone me={me} />
    </Section>
  );
}

function OwnHours({ me }: { me: Me }) {
  const [hours, setHours] = useState<WorkingHours>(() => complete(me.working_hours));
  const submit = useSubmit();
  const changed = JSON.stringify(sorted(hours)) !== JSON.stringify(complete(me.working_hours));
  const dirty = changed || !me.own_hours;
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
  );
}

/** The company's week, to read. */
function CompanyHours({ hours }: { hours: WorkingHours }) {
  return (
    <dl className={styles.companyWeek}>
      {WEEK.map((day) => (
        <div key={day}>
          <dt>{t(`account.day.${day}`)}</dt>
          <dd>
            {hours[day].map(([from, to]) => `${from}–${to}`).join(", ") || t("account.dayFree")}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function AutoGone({ me }: { me: Me }) {
  const submit = useSubmit();
  return (
    <div className={styles.autoGone}>
      <Switch
        label={t("account.autoGone")}
        description={t("account.autoGoneHint")}
        checked={me.auto_gone}
        disabled={submit.busy}
        onChange={(event) => {
          const auto_gone = event.currentTarget.checked;
          void submit.run(() => saveMe({ auto_gone }));
        }}
      />
      <Notice>{submit.message}</Notice>
    </div>
  );
}
