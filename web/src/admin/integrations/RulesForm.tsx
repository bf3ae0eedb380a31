import { Button, NumberInput, Select, Stack, Switch } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { type FormEvent, useState } from "react";
import { Notice } from "../../account/parts/Notice";
import { Actions, Pair } from "../../account/parts/Pair";
import { Section } from "../../account/parts/Section";
import { useSubmit } from "../../account/parts/useSubmit";
import { PRIVACIES } from "../../calendars/policy";
import type { CompanyPolicy, Privacy } from "../../calendars/types";
import { api } from "../../lib/api";
import { t } from "../../lib/i18n";
import { doubled, MOST_MINUTES, tidyTable, tidyWord } from "./rules";
import { WordTable } from "./WordTable";

const FIELDS = [
  "keywords",
  "categories",
  "tentative_closes",
  "focus_closes",
  "privacy",
  "lead",
  "lag",
];

interface Props {
  policy: CompanyPolicy;
  onSaved(policy: CompanyPolicy): void;
}

/** How meetings count in the whole company, where people have not decided otherwise. */
export function RulesForm({ policy, onSaved }: Props) {
  const [draft, setDraft] = useState(policy);
  const submit = useSubmit(FIELDS);
  const put = (change: Partial<CompanyPolicy>) => {
    submit.clear();
    setDraft((old) => ({ ...old, ...change }));
  };
  // The usual words stay the usual ones until somebody changes them.
  const changed = JSON.stringify(draft.keywords) !== JSON.stringify(policy.keywords);
  const twice = doubled(draft.keywords).join(", ");
  // Which kinds may be connected is switched elsewhere on the page.
  const dirty =
    JSON.stringify({ ...draft, providers: [] }) !== JSON.stringify({ ...policy, providers: [] });

  const onSubmit = async (event: FormEvent) => {
    event.preventDefault();
    await submit.run(async () => {
      const { standard_keywords: _, providers: __, ...rules } = draft;
      const keywords = changed ? tidyTable(draft.keywords) : undefined;
      await save({ ...rules, keywords, categories: tidyTable(draft.categories) });
    });
  };
  const save = async (wish: object) => {
    const saved = await api.put<CompanyPolicy>("/api/admin/calendar-policy", wish);
    setDraft(saved);
    onSaved(saved);
    notifications.show({ message: t("account.saved"), color: "spruce", autoClose: 2500 });
  };

  return (
    <Section id="rules" title={t("integrations.rules")} lead={t("integrations.rulesLead")}>
      <form ref={submit.form} onSubmit={(event) => void onSubmit(event)}>
        <Stack gap="lg" maw={640}>
          <WordTable
            kind="keyword"
            rows={draft.keywords}
            error={twice ? t("integrations.doubled", { words: twice }) : submit.at("keywords")}
            tidy={tidyWord}
            onChange={(keywords) => put({ keywords })}
          >
            {!policy.standard_keywords && (
              <Button
                size="xs"
                variant="subtle"
                onClick={() => void submit.run(() => save({ keywords: null }))}
              >
                {t("integrations.standard")}
              </Button>
            )}
          </WordTable>
          <WordTable
            kind="category"
            rows={draft.categories}
            error={submit.at("categories")}
            tidy={(text) => text}
            onChange={(categories) => put({ categories })}
          />
          <Switch
            label={t("integrations.tentative")}
            description={t("integrations.tentativeHint")}
            checked={draft.tentative_closes}
            onChange={(event) => put({ tentative_closes: event.currentTarget.checked })}
          />
          <Switch
            label={t("integrations.focus")}
            description={t("integrations.focusHint")}
            checked={draft.focus_closes}
            onChange={(event) => put({ focus_closes: event.currentTarget.checked })}
          />
          <Select
            label={t("calendars.privacy")}
            description={t("integrations.privacyHint")}
            allowDeselect={false}
            data={PRIVACIES.map((one) => ({ value: one, label: t(`calendars.privacy.${one}`) }))}
            value={draft.privacy}
            error={submit.at("privacy")}
            onChange={(next) => put({ privacy: (next ?? draft.privacy) as Privacy })}
          />
          <Pair>
            <Minutes
              label={t("integrations.lead.label")}
              description={t("integrations.lead.hint")}
              value={draft.lead}
              error={submit.at("lead")}
              onChange={(lead) => put({ lead })}
            />
            <Minutes
              label={t("integrations.lag.label")}
              description={t("integrations.lag.hint")}
              value={draft.lag}
              error={submit.at("lag")}
              onChange={(lag) => put({ lag })}
            />
          </Pair>
          <Notice>{submit.message}</Notice>
        </Stack>
        <Actions>
          <Button type="submit" loading={submit.busy} disabled={!dirty || twice !== ""}>
            {t("common.save")}
          </Button>
        </Actions>
      </form>
    </Section>
  );
}

interface MinutesProps {
  label: string;
  description: string;
  value: number;
  error: string | undefined;
  onChange(value: number): void;
}

function Minutes({ onChange, ...props }: MinutesProps) {
  return (
    <NumberInput
      {...props}
      inputWrapperOrder={["label", "input", "description", "error"]}
      min={0}
      max={MOST_MINUTES}
      suffix=" min"
      allowDecimal={false}
      allowNegative={false}
      onChange={(value) => onChange(Number(value) || 0)}
    />
  );
}
