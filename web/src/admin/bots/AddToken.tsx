import { Button, Group, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { Dialog } from "../../account/parts/Dialog";
import { Notice } from "../../account/parts/Notice";
import { useSubmit } from "../../account/parts/useSubmit";
import { api } from "../../lib/api";
import { t } from "../../lib/i18n";
import type { Bot } from "../types";
import { Copyable } from "./Copyable";
import { curl } from "./curl";

interface Made {
  id: string;
  name: string;
  token: string;
}

interface Props {
  bot: Bot;
  opened: boolean;
  onClose: () => void;
  onAdded: () => Promise<void>;
}

/** A new token, shown this once. */
export function AddToken({ bot, opened, onClose, onAdded }: Props) {
  return (
    <Dialog
      opened={opened}
      onClose={onClose}
      title={t("admin.tokenFor", { name: bot.name })}
      size="lg"
      sticky
    >
      <NewToken bot={bot} onClose={onClose} onAdded={onAdded} />
    </Dialog>
  );
}

function NewToken({ bot, onClose, onAdded }: Omit<Props, "opened">) {
  const [made, setMade] = useState<Made | null>(null);
  const [name, setName] = useState("");
  const submit = useSubmit(["name"]);

  const onSubmit = async (event: FormEvent) => {
    event.preventDefault();
    await submit.run(async () => {
      const path = `/api/admin/bots/${bot.id}/tokens`;
      setMade(await api.post<Made>(path, { name: name.trim() }));
      await onAdded();
    });
  };

  if (made) return <Shown made={made} onClose={onClose} />;
  return (
    <form ref={submit.form} onSubmit={onSubmit} onChange={submit.clear}>
      <Stack gap="md">
        <TextInput
          label={t("admin.tokenName")}
          description={t("admin.tokenNameHint")}
          inputWrapperOrder={["label", "input", "description", "error"]}
          placeholder={t("admin.tokenExample")}
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
          <Button type="submit" loading={submit.busy}>
            {t("admin.tokenCreate")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Shown({ made, onClose }: { made: Made; onClose: () => void }) {
  return (
    <Stack gap="md">
      <Notice kind="done" title={t("admin.tokenMadeTitle")}>
        {t("admin.tokenMade")}
      </Notice>
      <Copyable label={t("admin.token")} text={made.token} />
      <Copyable label={t("admin.exampleTitle")} text={curl(window.location.origin, made.token)} />
      <Group justify="flex-end">
        <Button onClick={onClose}>{t("admin.tokenKept")}</Button>
      </Group>
    </Stack>
  );
}
