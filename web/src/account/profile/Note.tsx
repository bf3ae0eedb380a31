import { Button, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { t } from "../../lib/i18n";
import { useMe } from "../../lib/session";
import { Notice } from "../parts/Notice";
import { Actions } from "../parts/Pair";
import { Section } from "../parts/Section";
import { useSubmit } from "../parts/useSubmit";
import { saveMe } from "./save";

const LONGEST = 200;

/** A few words beside my name, for colleagues. */
export function Note() {
  const me = useMe();
  const [note, setNote] = useState(me.note);
  const submit = useSubmit(["note"]);
  const dirty = note.trim() !== me.note;

  const onSubmit = async (event: FormEvent) => {
    event.preventDefault();
    await submit.run(() => saveMe({ note: note.trim() }));
  };

  return (
    <Section id="note" title={t("account.note")} lead={t("account.noteLead")}>
      <form ref={submit.form} onSubmit={onSubmit} onChange={submit.clear}>
        <TextInput
          aria-label={t("account.note")}
          placeholder={t("account.noteExample")}
          maxLength={LONGEST}
          value={note}
          error={submit.at("note")}
          description={t("account.left", { count: LONGEST - note.length })}
          inputWrapperOrder={["label", "input", "description", "error"]}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <Notice>{submit.message}</Notice>
        <Actions>
          <Button type="submit" loading={submit.busy} disabled={!dirty}>
            {t("common.save")}
          </Button>
          {me.note !== "" && note !== "" && (
            <Button variant="subtle" color="gray" onClick={() => setNote("")}>
              {t("account.noteClear")}
            </Button>
          )}
        </Actions>
      </form>
    </Section>
  );
}
