import { Button, Group, PasswordInput, Stack } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { Dialog } from "../account/parts/Dialog";
import { Notice } from "../account/parts/Notice";
import { useSubmit } from "../account/parts/useSubmit";
import { api } from "../lib/api";
import { t } from "../lib/i18n";
import { loadConnections } from "./mine";
import type { CalendarConnection } from "./types";

interface Props {
  connection: CalendarConnection;
  opened: boolean;
  onClose(): void;
}

/** A new password for an account that no longer takes the old one. */
export function NewPassword({ connection, opened, onClose }: Props) {
  const provider = connection.provider === "exchange" ? "exchange" : "caldav";
  const [password, setPassword] = useState("");
  const submit = useSubmit(["password"]);
  const onSubmit = async (event: FormEvent) => {
    event.preventDefault();
    const done = await submit.run(async () => {
      await api.put(`/api/connections/${connection.id}/password`, { password });
      await loadConnections();
    });
    if (!done) return;
    setPassword("");
    onClose();
  };
  return (
    <Dialog
      opened={opened}
      onClose={onClose}
      title={t("calendars.newPasswordTitle", { account: connection.account })}
    >
      <form ref={submit.form} onSubmit={(event) => void onSubmit(event)}>
        <Stack gap="md">
          <PasswordInput
            label={t(`calendars.password.${provider}`)}
            description={t(`calendars.passwordHint.${provider}`)}
            inputWrapperOrder={["label", "input", "description", "error"]}
            autoComplete="off"
            visibilityToggleButtonProps={{ "aria-label": t("account.showPassword") }}
            data-autofocus
            value={password}
            error={submit.at("password")}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <Notice>{submit.message}</Notice>
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              {t("common.cancel")}
            </Button>
            <Button type="submit" loading={submit.busy} disabled={!password}>
              {t("calendars.reconnect")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
