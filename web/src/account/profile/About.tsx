import { Button, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { t } from "../../lib/i18n";
import { useMe } from "../../lib/session";
import type { Me } from "../../lib/types";
import { Notice } from "../parts/Notice";
import { Actions, Pair } from "../parts/Pair";
import { PhonesField } from "../parts/PhonesField";
import { filled } from "../parts/phones";
import { Section } from "../parts/Section";
import { useSubmit } from "../parts/useSubmit";
import { Picture } from "./Picture";
import { saveMe } from "./save";

const FIELDS = ["name", "handle", "title", "department", "phones"] as const;

function draftOf({ name, handle, title, department, phones }: Me) {
  return { name, handle, title, department, phones };
}

/** Who I am to my colleagues. */
export function About() {
  const me = useMe();
  const [draft, setDraft] = useState(() => draftOf(me));
  const submit = useSubmit(FIELDS);
  const tidy = { ...draft, phones: filled(draft.phones) };
  const dirty = JSON.stringify(tidy) !== JSON.stringify(draftOf(me));

  const onSubmit = async (event: FormEvent) => {
    event.preventDefault();
    if (await submit.run(() => saveMe(tidy))) setDraft(tidy);
  };
  const text = (name: "name" | "handle" | "title" | "department") => ({
    label: t(`account.${name}`),
    name,
    value: draft[name],
    error: submit.at(name),
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => {
      const { value } = event.currentTarget;
      setDraft((old) => ({ ...old, [name]: value }));
    },
  });

  return (
    <Section id="about" title={t("account.about")} lead={t("account.aboutLead")}>
      <Picture />
      <form ref={submit.form} onSubmit={onSubmit} onChange={submit.clear}>
        <Stack gap="md" mt="lg">
          <Pair>
            <TextInput {...text("name")} required withAsterisk={false} maxLength={120} />
            <TextInput
              {...text("handle")}
              leftSection="@"
              description={t("account.handleHint")}
              inputWrapperOrder={["label", "input", "description", "error"]}
              required
              withAsterisk={false}
              maxLength={32}
              spellCheck={false}
              autoCapitalize="none"
            />
            <TextInput {...text("title")} maxLength={120} placeholder={t("account.titleExample")} />
            <TextInput
              {...text("department")}
              maxLength={120}
              placeholder={t("account.departmentExample")}
            />
          </Pair>
          <TextInput
            label={t("account.email")}
            value={me.email}
            readOnly
            variant="filled"
            description={t("account.emailHint")}
            inputWrapperOrder={["label", "input", "description"]}
          />
          <PhonesField
            value={draft.phones}
            error={submit.at("phones")}
            onChange={(phones) => {
              submit.clear();
              setDraft((old) => ({ ...old, phones }));
            }}
          />
          <Notice>{submit.message}</Notice>
        </Stack>
        <Actions>
          <Button type="submit" loading={submit.busy} disabled={!dirty}>
            {t("common.save")}
          </Button>
          {dirty && (
            <Button
              variant="subtle"
              color="gray"
              onClick={() => {
                submit.clear();
                setDraft(draftOf(me));
              }}
            >
              {t("account.undo")}
            </Button>
          )}
        </Actions>
      </form>
    </Section>
  );
}
