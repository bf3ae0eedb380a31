import { Button, Group, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { Dialog } from "../../account/parts/Dialog";
import { Notice } from "../../account/parts/Notice";
import { useSubmit } from "../../account/parts/useSubmit";
import { api } from "../../lib/api";
import { t } from "../../lib/i18n";
import type { Company } from "../types";

interface Props {
  org: Company | null;
  onClose: () => void;
  onSaved: () => Promise<void>;
}

/** Another name for a company. */
export function RenameCompany({ org, onClose, onSaved }: Props) {
  return (
    <Dialog opened={org !== null} onClose={onClose} title={t("admin.rename")}>
      {org && <Rename key={org.id} org={org} onClose={onClose} onSaved={onSaved} />}
    </Dialog>
  );
}

function Rename({ org, onClose, onSaved }: Props & { org: Company }) {
  const [name, setName] = useState(org.name);
  const submit = useSubmit(["name"]);

  const onSubmit = async (event: FormEvent) => {
    event.preventDefault();
    const path = `/api/operator/orgs/${org.id}`;
    if (!(await submit.run(() => api.patch(path, { name: name.trim() })))) return;
    onClose();
    await onSaved();
  };

  return (
    <form ref={submit.form} onSubmit={onSubmit} onChange={submit.clear}>
      <Stack gap="md">
        <TextInput
          label={t("admin.companyName")}
          required
          withAsterisk={false}
          maxLength={120}
          value={name}
          error={submit.at("name")}
          data-autofocus
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Notice>{submit.message}</Notice>
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            {t("common.cancel")}
          </Button>
          <Button type="submit" loading={submit.busy} disabled={name.trim() === org.name}>
            {t("common.save")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
