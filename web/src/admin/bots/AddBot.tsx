import { Button, Group, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { Dialog } from "../../account/parts/Dialog";
import { Notice } from "../../account/parts/Notice";
import { useSubmit } from "../../account/parts/useSubmit";
import { api } from "../../lib/api";
import { t } from "../../lib/i18n";

interface Props {
  opened: boolean;
  onClose: () => void;
  onAdded: () => Promise<void>;
}

/** A new bot. */
export function AddBot({ opened, onClose, onAdded }: Props) {
  return (
    <Dialog opened={opened} onClose={onClose} title={t("admin.botAdd")}>
      <NewBot onClose={onClose} onAdded={onAdded} />
    </Dialog>
  );
}

function NewBot({ onClose, onAdded }: Omit<Props, "opened">) {
  const [name, setName] = useState("");
  const [handle, setHandle] = useState("");
  const submit = useSubmit(["name", "handle"]);

  const onSubmit = async (event: FormEvent) => {
    event.preventDefault();
    const wanted = handle.trim().replace(/^@/, "");
    const body = wanted ? { name: name.trim(), handle: wanted } : { name: name.trim() };
    if (!(await submit.run(() => api.post("/api/admin/bots", body)))) return;
    onClose();
    await onAdded();
  };

  return (
    <form ref={submit.form} onSubmit={onSubmit} onChange={submit.clear}>
      <Stack gap="md">
        <TextInput
          label={t("account.name")}
          placeholder={t("admin.botExample")}
          required
          withAsterisk={false}
          maxLength={120}
          value={name}
          error={submit.at("name")}
          data-autofocus
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label={t("account.handle")}
          description={t("admin.botHandleHint")}
          inputWrapperOrder={["label", "input", "description", "error"]}
          leftSection="@"
          maxLength={32}
          spellCheck={false}
          value={handle}
          error={submit.at("handle")}
          onChange={(event) => setHandle(event.currentTarget.value)}
        />
        <Notice>{submit.message}</Notice>
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            {t("common.cancel")}
          </Button>
          <Button type="submit" loading={submit.busy}>
            {t("admin.botAdd")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
