import { Button, Select, Stack, Switch } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { type FormEvent, useState } from "react";
import { Loading } from "../../account/parts/Loading";
import { Notice } from "../../account/parts/Notice";
import { Actions } from "../../account/parts/Pair";
import { Section } from "../../account/parts/Section";
import { useLoad } from "../../account/parts/useLoad";
import { useSubmit } from "../../account/parts/useSubmit";
import { DayRow } from "../../account/profile/DayRow";
import {
  anyFault,
  complete,
  onWorkdays,
  sorted,
  WEEK,
  weekTotal,
} from "../../account/profile/hours";
import profile from "../../account/profile/profile.module.css";
import { api } from "../../lib/api";
import { currentLocale, t } from "../../lib/i18n";
import type { Country, Org, WorkingHours } from "../../lib/types";

const COUNTRIES: Country[] = ["SE", "NO", "DK", "FI"];

/** When the company works: what callers are told of "back at" follows it. */
export default function OpeningHours() {
  const org = useLoad<Org>("/api/admin/org");
  return (
    <Section id="hours" title={t("telephony.hours")} lead={t("telephony.hoursLead")}>
      <Loading from={org} rows={7} height={44}>
        {(data) => <HoursForm org={data} onSaved={(next) => org.change(() => next)} />}
      </Loading>
    </Section>
  );
}

function HoursForm({ org, onSaved }: { org: Org; onSaved(org: Org): void }) {
  const [hours, setHours] = useState<WorkingHours>(() => complete(org.working_hours));
  const [country, setCountry] = useState(org.country);
  const [holidays, setHolidays] = useState(org.holidays);
  const submit = useSubmit(["country"]);
  const dirty =
    JSON.stringify(sorted(hours)) !== JSON.stringify(complete(org.working_hours)) ||
    country !== org.country ||
    holidays !== org.holidays;

  const onSubmit = async (event: FormEvent) => {
    event.preventDefault();
    const tidy = sorted(hours);
    const body = { working_hours: tidy, country, holidays };
    await submit.run(async () => {
      onSaved(await api.patch<Org>("/api/admin/org", body));
      setHours(tidy);
      notifications.show({ message: t("account.saved"), color: "spruce", autoClose: 2500 });
    });
  };
  const change = (next: WorkingHours) => {
    submit.clear();
    setHours(next);
  };

  return (
    <form ref={submit.form} onSubmit={(event) => void onSubmit(event)}>
      <ul className={profile.week}>
        {WEEK.map((day) => (
          <DayRow
            key={day}
            day={day}
            spans={hours[day]}
            onChange={(spans) => change({ ...hours, [day]: spans })}
          />
        ))}
      </ul>
      <Stack gap="md" maw={420} mt="lg">
        <Select
          label={t("telephony.country")}
          allowDeselect={false}
          data={COUNTRIES.map((one) => ({ value: one, label: t(`telephony.country.${one}`) }))}
          value={country}
          error={submit.at("country")}
          onChange={(next) => setCountry((next ?? country) as Country)}
        />
        <Switch
          label={t("telephony.holidays")}
          description={t("telephony.holidaysHint")}
          checked={holidays}
          onChange={(event) => setHolidays(event.currentTarget.checked)}
        />
        <Notice>{submit.message}</Notice>
      </Stack>
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
        <p className={profile.total} aria-live="polite">
          {t("account.hoursTotal", { total: weekTotal(hours).toLocaleString(currentLocale()) })}
        </p>
      </Actions>
    </form>
  );
}
