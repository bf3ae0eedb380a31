import { Button, Group, Stack, Textarea, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { type ChangeEvent, type FormEvent, useState } from "react";
import { Dialog } from "../account/parts/Dialog";
import { Notice } from "../account/parts/Notice";
import { Pair } from "../account/parts/Pair";
import { useSubmit } from "../account/parts/useSubmit";
import { useMyself } from "../chat/context";
import { api } from "../lib/api";
import { t } from "../lib/i18n";
import { changesTo, type Draft, draftOf, FIELDS, tidy } from "./draft";
import { EmailsField } from "./EmailsField";
import { NumbersField } from "./NumbersField";
import { ScopeChoice } from "./ScopeChoice";
import type { Contact, Scope } from "./types";

interface Props {
  opened: boolean;
  /** None: a new one. */
  contact: Contact | null;
  /** Whose a new one is, unless one chooses otherwise. */
  scope: Scope;
  onClose(): void;
  onSaved(contact: Contact): void;
}

/** A contact, new or known. */
export function ContactFormDialog({ opened, contact, scope, onClose, onSaved }: Props) {
  const title = contact ? t("contacts.editTitle", { name: contact.name }) : t("contacts.add");
  return (
    <Dialog opened={opened} onClose={onClose} title={title} size="lg">
      <ContactForm contact={contact} scope={scope} onClose={onClose} onSaved={onSaved} />
    </Dialog>
  );
}

function ContactForm({ contact, scope: wished, onClose, onSaved }: Omit<Props, "opened">) {
  const me = useMyself();
  const admin = me.can.includes("admin");
  const [draft, setDraft] = useState(() => draftOf(contact));
  const [scope, setScope] = useState<Scope>(admin ? wished : "personal");
  const submit = useSubmit(FIELDS);

  const onSubmit = async (event: FormEvent) => {
    event.preventDefault();
    // The rows on screen become those that are sent, so that a fault is shown at its row.
    const sent = tidy(draft);
    setDraft(sent);
    await submit.run(async () => {
      const saved = contact
        ? await api.patch<Contact>(`/api/contacts/${contact.id}`, changesTo(contact, sent))
        : await api.post<Contact>("/api/contacts", { scope, ...sent });
      notifications.show({ message: t("contacts.saved", { name: saved.name }), color: "spruce" });
      onSaved(saved);
      onClose();
    });
  };
  const text = (name: "name" | "title" | "department" | "company") => ({
    label: t(`contacts.field.${name}`),
    value: draft[name],
    error: submit.at(name),
    maxLength: 120,
    autoComplete: "off",
    onChange: (event: ChangeEvent<HTMLInputElement>) => put({ [name]: event.currentTarget.value }),
  });
  const put = (change: Partial<Draft>) => {
    submit.clear();
    setDraft((old) => ({ ...old, ...change }));
  };

  return (
    <form ref={submit.form} onSubmit={(event) => void onSubmit(event)}>
      <Stack gap="md">
        {!contact && admin && <ScopeChoice value={scope} onChange={setScope} />}
        <TextInput {...text("name")} required withAsterisk={false} data-autofocus />
        <NumbersField value={draft.phones} submit={submit} onChange={(phones) => put({ phones })} />
        <EmailsField value={draft.emails} submit={submit} onChange={(emails) => put({ emails })} />
        <Pair>
          <TextInput {...text("company")} />
          <TextInput {...text("department")} />
        </Pair>
        <TextInput {...text("title")} />
        <Textarea
          label={t("contacts.field.note")}
          value={draft.note}
          error={submit.at("note")}
          maxLength={2000}
          autosize
          minRows={2}
          maxRows={8}
          onChange={(event) => put({ note: event.currentTarget.value })}
        />
        <Notice>{submit.message}</Notice>
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            {t("common.cancel")}
          </Button>
          <Button type="submit" loading={submit.busy} disabled={draft.name.trim() === ""}>
            {t("common.save")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
