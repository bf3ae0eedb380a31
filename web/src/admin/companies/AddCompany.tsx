import { Button, Group, Stack, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { type FormEvent, useState } from "react";
import { Dialog } from "../../account/parts/Dialog";
import { LanguageSelect } from "../../account/parts/LanguageSelect";
import { Notice } from "../../account/parts/Notice";
import { Pair } from "../../account/parts/Pair";
import { TimeZoneSelect } from "../../account/parts/TimeZoneSelect";
import { useSubmit } from "../../account/parts/useSubmit";
import { api } from "../../lib/api";
import { t } from "../../lib/i18n";
import type { Language } from "../../lib/types";
import styles from "./companies.module.css";

interface Props {
  opened: boolean;
  onClose: () => void;
  onAdded: () => Promise<void>;
}

/** A new company, and who is invited to look after it. */
export function AddCompany({ opened, onClose, onAdded }: Props) {
  return (
    <Dialog opened={opened} onClose={onClose} title={t("admin.companyAdd")} size="lg">
      <NewCompany onClose={onClose} onAdded={onAdded} />
    </Dialog>
  );
}

const EMPTY = {
  name: "",
  language: "sv" as Language,
  time_zone: "Europe/Stockholm",
  adminName: "",
  adminEmail: "",
};
const FIELDS = ["name", "language", "time_zone", "admin.name", "admin.email"];

function NewCompany({ onClose, onAdded }: Omit<Props, "opened">) {
  const [draft, setDraft] = useState(EMPTY);
  const submit = useSubmit([...FIELDS, "email"]);
  const must = { required: true, withAsterisk: false };

  const onSubmit = async (event: FormEvent) => {
    event.preventDefault();
    const { name, language, time_zone, adminName, adminEmail } = draft;
    const admin = { name: adminName.trim(), email: adminEmail.trim() };
    const body = { name: name.trim(), language, time_zone, admin };
    if (!(await submit.run(() => api.post("/api/operator/orgs", body)))) return;
    const message = t("admin.companyAdded", { name: body.name, email: admin.email });
    notifications.show({ message, color: "spruce" });
    onClose();
    await onAdded();
  };

  return (
    <form ref={submit.form} onSubmit={onSubmit} onChange={submit.clear}>
      <Stack gap="md">
        <TextInput
          label={t("admin.companyName")}
          {...must}
          maxLength={120}
          value={draft.name}
          error={submit.at("name")}
          data-autofocus
          onChange={(event) => setDraft({ ...draft, name: event.currentTarget.value })}
        />
        <Pair>
          <LanguageSelect
            value={draft.language}
            error={submit.at("language")}
            onChange={(language) => setDraft({ ...draft, language })}
          />
          <TimeZoneSelect
            value={draft.time_zone}
            error={submit.at("time_zone")}
            onChange={(time_zone) => setDraft({ ...draft, time_zone })}
          />
        </Pair>
        <fieldset className={styles.first}>
          <legend>{t("admin.companyFirst")}</legend>
          <Pair>
            <TextInput
              label={t("account.name")}
              {...must}
              maxLength={120}
              value={draft.adminName}
              error={submit.at("admin.name")}
              onChange={(event) => setDraft({ ...draft, adminName: event.currentTarget.value })}
            />
            <TextInput
              label={t("account.email")}
              {...must}
              type="email"
              maxLength={254}
              value={draft.adminEmail}
              error={submit.at("admin.email") ?? submit.at("email")}
              onChange={(event) => setDraft({ ...draft, adminEmail: event.currentTarget.value })}
            />
          </Pair>
        </fieldset>
        <Notice>{submit.message}</Notice>
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            {t("common.cancel")}
          </Button>
          <Button type="submit" loading={submit.busy}>
            {t("admin.companyAdd")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
