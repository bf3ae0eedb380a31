import { Button, Group, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { Dialog } from "../../account/parts/Dialog";
import { Notice } from "../../account/parts/Notice";
import { useSubmit } from "../../account/parts/useSubmit";
import { api } from "../../lib/api";
import { t } from "../../lib/i18n";
import { Secret } from "./Secret";
import type { NewSecret } from "./types";

interface Props {
  opened: boolean;
  onClose(): void;
  onAdded(): Promise<void>;
}

/** Connect an exchange: a name, then its key and secret this once. */
export function AddExchange({ opened, onClose, onAdded }: Props) {
  return (
    <Dialog opened={opened} onClose={onClose} title={t("telephony.exchangeAdd")} size="lg" sticky>
      <NewExchange onClose={onClose} onAdded={onAdded} />
    </Dialog>
  );
}

function NewExchange({ onClose, onAdded }: Omit<Props, "opened">) {
  const [name, setName] = useState("");
  const [made, setMade] = useState<NewSecret | null>(null);
  const submit = useSubmit(["name"]);
  const onSubmit = async (event: FormEvent) => {
    event.preventDefault();
    await submit.run(async () => {
      setMade(await api.post<NewSecret>("/api/admin/pbx", { name: name.trim() }));
      await onAdded();
    });
  };
  if (made) return <Secret made={made} onClose={onClose} />;
  return (
    <form ref={submit.form} onSubmit={(event) => void onSubmit(event)} onChange={submit.clear}>
      <Stack gap="md">
        <TextInput
          label={t("telephony.exchangeName")}
          placeholder={t("telephony.exchangeExample")}
          required
          withAsterisk={false}
          maxLength={120}
          autoComplete="off"
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
          <Button type="submit" loading={submit.busy} disabled={name.trim() === ""}>
            {t("telephony.exchangeAdd")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
