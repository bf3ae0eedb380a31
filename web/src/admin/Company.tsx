import { Button, Stack, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { type FormEvent, useState } from "react";
import { LanguageSelect } from "../account/parts/LanguageSelect";
import { Loading } from "../account/parts/Loading";
import { Notice } from "../account/parts/Notice";
import { Actions, Pair } from "../account/parts/Pair";
import { Section } from "../account/parts/Section";
import { TimeZoneSelect } from "../account/parts/TimeZoneSelect";
import { useLoad } from "../account/parts/useLoad";
import { useSubmit } from "../account/parts/useSubmit";
import { api } from "../lib/api";
import { t } from "../lib/i18n";
import type { Org } from "../lib/types";

/** What holds for the whole company. */
export default function Company() {
  const org = useLoad<Org>("/api/admin/org");
  return (
    <Section id="company" title={t("admin.company")} lead={t("admin.companyLead")}>
      <Loading from={org} rows={3}>
        {(data) => (
          <CompanyForm key={data.id} org={data} onSaved={(next) => org.change(() => next)} />
        )}
      </Loading>
    </Section>
  );
}

function CompanyForm({ org, onSaved }: { org: Org; onSaved: (org: Org) => void }) {
  const [draft, setDraft] = useState({
    name: org.name,
    language: org.language,
    time_zone: org.time_zone,
  });
  const submit = useSubmit(["name", "language", "time_zone"]);
  const dirty =
    draft.name.trim() !== org.name ||
    draft.language !== org.language ||
    draft.time_zone !== org.time_zone;

  const onSubmit = async (event: FormEvent) => {
    event.preventDefault();
    await submit.run(async () => {
      const wanted = { ...draft, name: draft.name.trim() };
      onSaved(await api.patch<Org>("/api/admin/org", wanted));
      notifications.show({ message: t("account.saved"), color: "spruce", autoClose: 2500 });
    });
  };

  return (
    <form ref={submit.form} onSubmit={onSubmit} onChange={submit.clear}>
      <Stack gap="md" maw={760}>
        <TextInput
          label={t("admin.companyName")}
          required
          withAsterisk={false}
          maxLength={120}
          value={draft.name}
          error={submit.at("name")}
          onChange={(event) => setDraft({ ...draft, name: event.currentTarget.value })}
        />
        <Pair>
          <LanguageSelect
            value={draft.language}
            error={submit.at("language")}
            description={t("admin.companyLanguageHint")}
            onChange={(language) => setDraft({ ...draft, language })}
          />
          <TimeZoneSelect
            value={draft.time_zone}
            error={submit.at("time_zone")}
            description={t("admin.companyZoneHint")}
            onChange={(time_zone) => setDraft({ ...draft, time_zone })}
          />
        </Pair>
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
