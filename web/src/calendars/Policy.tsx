import { Button, Select, Stack, Switch } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { type FormEvent, useState } from "react";
import { Loading } from "../account/parts/Loading";
import { Notice } from "../account/parts/Notice";
import { Actions } from "../account/parts/Pair";
import { Section } from "../account/parts/Section";
import { useLoad } from "../account/parts/useLoad";
import { useSubmit } from "../account/parts/useSubmit";
import { api } from "../lib/api";
import { t } from "../lib/i18n";
import { loadCalendar } from "./mine";
import { fromChoice, PRIVACIES, type TentativeChoice, toChoice } from "./policy";
import type { OwnPolicy, Privacy } from "./types";

const FIELDS = ["tentative_closes", "privacy", "show_subjects"];

/** What my meetings may do, and what others may know of them. */
export function Policy() {
  const policy = useLoad<OwnPolicy>("/api/me/calendar-policy");
  return (
    <Section id="policy" title={t("calendars.policy")} lead={t("calendars.policyLead")}>
      <Loading from={policy} rows={3}>
        {(data) => <PolicyForm policy={data} onSaved={(next) => policy.change(() => next)} />}
      </Loading>
    </Section>
  );
}

function PolicyForm({ policy, onSaved }: { policy: OwnPolicy; onSaved(next: OwnPolicy): void }) {
  const [draft, setDraft] = useState(policy);
  const submit = useSubmit(FIELDS);
  const put = (change: Partial<OwnPolicy>) => {
    submit.clear();
    setDraft((old) => ({ ...old, ...change }));
  };
  const dirty =
    draft.tentative_closes !== policy.tentative_closes ||
    draft.privacy !== policy.privacy ||
    draft.show_subjects !== policy.show_subjects;

  const onSubmit = async (event: FormEvent) => {
    event.preventDefault();
    await submit.run(async () => {
      const { tentative_closes, privacy, show_subjects } = draft;
      const wish = { tentative_closes, privacy, show_subjects };
      const saved = await api.put<OwnPolicy>("/api/me/calendar-policy", wish);
      onSaved(saved);
      setDraft(saved);
      notifications.show({ message: t("account.saved"), color: "spruce", autoClose: 2500 });
      await loadCalendar();
    });
  };

  return (
    <form ref={submit.form} onSubmit={(event) => void onSubmit(event)}>
      <Stack gap="lg" maw={560}>
        <Select
          label={t("calendars.tentative")}
          description={t("calendars.tentativeHint")}
          allowDeselect={false}
          data={[
            { value: "company", label: asCompany(policy, draft, "tentative") },
            { value: "closes", label: t("calendars.tentative.closes") },
            { value: "opens", label: t("calendars.tentative.opens") },
          ]}
          value={toChoice(draft.tentative_closes)}
          error={submit.at("tentative_closes")}
          onChange={(next) =>
            put({ tentative_closes: fromChoice((next ?? "company") as TentativeChoice) })
          }
        />
        <Select
          label={t("calendars.privacy")}
          description={t("calendars.privacyHint")}
          allowDeselect={false}
          data={[
            { value: "company", label: asCompany(policy, draft, "privacy") },
            ...PRIVACIES.map((one) => ({ value: one, label: t(`calendars.privacy.${one}`) })),
          ]}
          value={draft.privacy ?? "company"}
          error={submit.at("privacy")}
          onChange={(next) =>
            put({ privacy: next === "company" || next === null ? null : (next as Privacy) })
          }
        />
        <Switch
          label={t("calendars.showSubjects")}
          description={t("calendars.showSubjectsHint")}
          checked={draft.show_subjects}
          onChange={(event) => put({ show_subjects: event.currentTarget.checked })}
        />
        <Notice>{submit.message}</Notice>
      </Stack>
      <Actions>
        <Button type="submit" loading={submit.busy} disabled={!dirty}>
          {t("common.save")}
        </Button>
      </Actions>
    </form>
  );
}

/** "Som företaget", and what that is while it is what holds. */
function asCompany(policy: OwnPolicy, draft: OwnPolicy, what: "tentative" | "privacy"): string {
  const { effective } = policy;
  if (what === "tentative" && draft.tentative_closes === null && policy.tentative_closes === null) {
    const word = effective.tentative_closes ? "closes" : "opens";
    return t("calendars.asCompanyNow", { what: t(`calendars.tentative.${word}`) });
  }
  if (what === "privacy" && draft.privacy === null && policy.privacy === null) {
    return t("calendars.asCompanyNow", { what: t(`calendars.privacy.${effective.privacy}`) });
  }
  return t("calendars.asCompany");
}
