import { Button, Group, NumberInput, Select, Stack, Switch, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { type FormEvent, useState } from "react";
import { Dialog } from "../account/parts/Dialog";
import { Notice } from "../account/parts/Notice";
import { Pair } from "../account/parts/Pair";
import { useSubmit } from "../account/parts/useSubmit";
import { api } from "../lib/api";
import { currentLanguage, t } from "../lib/i18n";
import type { ActivityType, DefaultEnd, Language } from "../lib/types";
import type { Scope } from "./ActivityEditor";
import { AVAILABLE, wordsOf } from "./activity";
import { draftOf, NEW_TYPE, type Origin, type TypeDraft, tidy } from "./draft";
import styles from "./editor.module.css";
import { LookFields } from "./LookFields";
import { Sign } from "./Sign";

const FIELDS = ["label", "spoken", "default_end", "colour", "icon"] as const;
const LANGUAGES: Language[] = ["sv", "en"];
const ENDS: DefaultEnd["kind"][] = ["minutes", "end_of_work", "next_work_start", "date", "none"];

interface Props {
  /** Null for a new one. */
  type: ActivityType | null;
  origin: Origin;
  scope: Scope;
  onClose(): void;
}

/** One activity: what colleagues see, what callers hear, and what it does to the phone. */
export function TypeDialog({ type, origin, scope, onClose }: Props) {
  const [draft, setDraft] = useState<TypeDraft>(() => (type ? draftOf(type) : NEW_TYPE));
  const submit = useSubmit(FIELDS);
  const put = (change: Partial<TypeDraft>) => {
    submit.clear();
    setDraft((old) => ({ ...old, ...change }));
  };
  const path = scope === "company" ? "/api/admin/activities" : "/api/activities";
  const finish = async (work: () => Promise<unknown>) => {
    if (!(await submit.run(work))) return;
    notifications.show({ message: t("account.saved"), color: "spruce", autoClose: 2500 });
    onClose();
  };
  const save = (event: FormEvent) => {
    event.preventDefault();
    const body = tidy(draft);
    // What is new is there to be chosen.
    const { hidden, ...made } = body;
    void finish(() =>
      type ? api.put(`${path}/${type.id}`, { ...made, hidden }) : api.post(path, made),
    );
  };
  const title = type ? wordsOf(type.label, currentLanguage()) : t("activities.editor.new");
  return (
    <Dialog opened onClose={onClose} title={title} size="lg">
      <form ref={submit.form} onSubmit={save}>
        <Stack gap="lg">
          <Wordings draft={draft} put={put} at={submit.at} />
          <LookFields colour={draft.colour} icon={draft.icon} onChange={(look) => put(look)} />
          {type?.id !== AVAILABLE && (
            <Behaviour draft={draft} put={put} at={submit.at} isNew={type === null} />
          )}
          <Notice>{submit.message}</Notice>
          <Group gap="sm">
            <Button type="submit" loading={submit.busy}>
              {t("common.save")}
            </Button>
            <Button variant="default" onClick={onClose}>
              {t("common.cancel")}
            </Button>
            {type && origin !== "given" && (
              <Button
                ml="auto"
                variant="subtle"
                color={origin === "made" ? "falu" : "gray"}
                onClick={() => void finish(() => api.delete(`${path}/${type.id}`))}
              >
                {t(origin === "made" ? "activities.editor.remove" : "activities.editor.reset")}
              </Button>
            )}
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}

interface PartProps {
  draft: TypeDraft;
  put(change: Partial<TypeDraft>): void;
  at(name: string): string | undefined;
}

/** What is shown and what is spoken, in both languages. */
function Wordings({ draft, put, at }: PartProps) {
  const field = (what: "label" | "spoken", language: Language) => (
    <TextInput
      key={what + language}
      label={t(`activities.editor.${what}.${language}`)}
      placeholder={t(`activities.editor.${what}Example.${language}`)}
      maxLength={what === "label" ? 60 : 120}
      lang={language}
      value={draft[what][language]}
      error={language === "sv" ? at(what) : Boolean(at(what))}
      onChange={(event) =>
        put({ [what]: { ...draft[what], [language]: event.currentTarget.value } })
      }
    />
  );
  return (
    <>
      <Pair>{LANGUAGES.map((language) => field("label", language))}</Pair>
      {draft.closes_phone && (
        <div>
          <Pair>{LANGUAGES.map((language) => field("spoken", language))}</Pair>
          <Said draft={draft} />
        </div>
      )}
    </>
  );
}

/** How it would sound. What is left empty is told without a reason. */
function Said({ draft }: { draft: TypeDraft }) {
  const { colour, icon, spoken } = draft;
  const words = wordsOf(tidy({ ...draft, spoken }).spoken, currentLanguage()).trim();
  return (
    <p className={styles.said}>
      <Sign icon={icon} colour={colour} size={26} />
      <span>{words ? t("activities.editor.said", { words }) : t("activities.editor.unsaid")}</span>
    </p>
  );
}

function Behaviour({ draft, put, at, isNew }: PartProps & { isNew: boolean }) {
  const { kind, minutes } = draft.default_end;
  return (
    <>
      <Pair>
        <Select
          label={t("activities.editor.end")}
          data={ENDS.map((value) => ({ value, label: t(`activities.editor.end.${value}`) }))}
          value={kind}
          error={at("default_end")}
          allowDeselect={false}
          onChange={(value) =>
            put({ default_end: { kind: (value ?? "none") as DefaultEnd["kind"], minutes } })
          }
        />
        {kind === "minutes" && (
          <NumberInput
            label={t("activities.editor.minutes")}
            min={1}
            max={1440}
            step={15}
            value={minutes ?? 60}
            onChange={(value) => put({ default_end: { kind, minutes: Number(value) || 60 } })}
          />
        )}
      </Pair>
      <Stack gap="sm">
        <Switch
          label={t("activities.editor.closes")}
          description={t("activities.editor.closesHint")}
          checked={draft.closes_phone}
          onChange={(event) => put({ closes_phone: event.currentTarget.checked })}
        />
        {draft.closes_phone && (
          <Switch
            label={t("activities.editor.vip")}
            checked={draft.vip_through}
            onChange={(event) => put({ vip_through: event.currentTarget.checked })}
          />
        )}
        <Switch
          label={t("activities.editor.queue")}
          checked={draft.queue === "pause"}
          onChange={(event) => put({ queue: event.currentTarget.checked ? "pause" : "keep" })}
        />
        {!isNew && (
          <Switch
            label={t("activities.editor.hide")}
            checked={draft.hidden}
            onChange={(event) => put({ hidden: event.currentTarget.checked })}
          />
        )}
      </Stack>
    </>
  );
}
