import { Button, NumberInput, Select, Stack, Switch } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { type FormEvent, useState } from "react";
import { Link } from "wouter";
import { PersonSelect } from "../../admin/telephony/PersonSelect";
import { Simulation } from "../../admin/telephony/Simulation";
import styles from "../../admin/telephony/telephony.module.css";
import { api } from "../../lib/api";
import { t } from "../../lib/i18n";
import { useMe } from "../../lib/session";
import { Loading } from "../parts/Loading";
import { Notice } from "../parts/Notice";
import { Actions } from "../parts/Pair";
import { Section } from "../parts/Section";
import { useLoad } from "../parts/useLoad";
import { useSubmit } from "../parts/useSubmit";

type Treatment = "announce" | "voicemail" | "busy";

interface Rules {
  ring_seconds: number;
  open_redirect: boolean;
  busy: Treatment;
  no_answer: Treatment;
  offline: Treatment;
  after: { voicemail: boolean; colleague_id: string | null; switchboard: boolean };
  anonymous: "ring" | "block";
}

const TREATMENTS: Treatment[] = ["announce", "voicemail", "busy"];
const CASES = ["busy", "no_answer", "offline"] as const;
const FIELDS = ["ring_seconds", "open_redirect", ...CASES, "after", "colleague_id"];
const SHORTEST = 5;
const LONGEST = 60;

/** What becomes of calls that I do not take; and a way to try it. */
export function CallRules() {
  const me = useMe();
  const rules = useLoad<Rules>("/api/me/call-rules");
  return (
    <Section id="calls" title={t("telephony.rules")} lead={t("telephony.rulesLead")}>
      <Loading from={rules} rows={4}>
        {(data) => <RulesForm rules={data} onSaved={(next) => rules.change(() => next)} />}
      </Loading>
      <h3 className={styles.subtitle}>{t("telephony.tryMe")}</h3>
      <p className={styles.sublead}>{t("telephony.tryMeLead")}</p>
      <Simulation to={me.id} />
    </Section>
  );
}

function RulesForm({ rules, onSaved }: { rules: Rules; onSaved(rules: Rules): void }) {
  const me = useMe();
  const [draft, setDraft] = useState(rules);
  const submit = useSubmit(FIELDS);
  const put = (change: Partial<Rules>) => {
    submit.clear();
    setDraft((old) => ({ ...old, ...change }));
  };
  const after = (change: Partial<Rules["after"]>) => put({ after: { ...draft.after, ...change } });
  const dirty = JSON.stringify(draft) !== JSON.stringify(rules);

  const onSubmit = async (event: FormEvent) => {
    event.preventDefault();
    await submit.run(async () => {
      // Hidden numbers are blocked on another page: what it says stays.
      const { anonymous: _, ...mine } = draft;
      const saved = await api.put<Rules>("/api/me/call-rules", mine);
      onSaved(saved);
      setDraft(saved);
      notifications.show({ message: t("account.saved"), color: "spruce", autoClose: 2500 });
    });
  };

  return (
    <form ref={submit.form} onSubmit={(event) => void onSubmit(event)}>
      <Stack gap="md">
        <NumberInput
          label={t("telephony.ringSeconds")}
          description={t("telephony.ringSecondsHint")}
          inputWrapperOrder={["label", "input", "description", "error"]}
          maw={220}
          min={SHORTEST}
          max={LONGEST}
          step={5}
          suffix={t("telephony.secondsSuffix")}
          allowDecimal={false}
          value={draft.ring_seconds}
          error={submit.at("ring_seconds")}
          onChange={(value) => put({ ring_seconds: Number(value) || SHORTEST })}
        />
        <Switch
          label={t("telephony.openRedirect")}
          description={t("telephony.openRedirectHint")}
          checked={draft.open_redirect}
          onChange={(event) => put({ open_redirect: event.currentTarget.checked })}
        />
        <div className={styles.cases}>
          {CASES.map((one) => (
            <Select
              key={one}
              label={t(`telephony.case.${one}`)}
              allowDeselect={false}
              data={TREATMENTS.map((each) => ({
                value: each,
                label: t(`telephony.treatment.${each}`),
              }))}
              value={draft[one]}
              error={submit.at(one)}
              onChange={(next) => put({ [one]: (next ?? draft[one]) as Treatment })}
            />
          ))}
        </div>
        <fieldset className={styles.after}>
          <legend>{t("telephony.after")}</legend>
          <Stack gap="md">
            <Switch
              label={t("telephony.afterVoicemail")}
              checked={draft.after.voicemail}
              onChange={(event) => after({ voicemail: event.currentTarget.checked })}
            />
            <Switch
              label={t("telephony.afterSwitchboard")}
              checked={draft.after.switchboard}
              onChange={(event) => after({ switchboard: event.currentTarget.checked })}
            />
            <PersonSelect
              label={t("telephony.afterColleague")}
              placeholder={t("telephony.afterNobody")}
              clearable
              without={me.id}
              value={draft.after.colleague_id}
              error={submit.at("after") ?? submit.at("colleague_id")}
              onChange={(colleague_id) => after({ colleague_id })}
            />
          </Stack>
        </fieldset>
        <Notice>{submit.message}</Notice>
      </Stack>
      <Actions>
        <Button type="submit" loading={submit.busy} disabled={!dirty}>
          {t("common.save")}
        </Button>
        <Button component={Link} href="/contacts/blocked" variant="subtle">
          {t("contacts.blockedTitle")}
        </Button>
      </Actions>
    </form>
  );
}
