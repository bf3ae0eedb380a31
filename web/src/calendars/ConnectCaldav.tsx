import { Button, Group, PasswordInput, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { Notice } from "../account/parts/Notice";
import { useSubmit } from "../account/parts/useSubmit";
import { api } from "../lib/api";
import { t } from "../lib/i18n";
import type { CalendarConnection } from "./types";

interface Props {
  onClose(): void;
  onConnected(connection: CalendarConnection): void;
}

const FIELDS = ["address", "username", "password"];

/** An account at any server that speaks CalDAV: its address, and an app password. */
export function ConnectCaldav({ onClose, onConnected }: Props) {
  const [draft, setDraft] = useState({ address: "", username: "", password: "" });
  const submit = useSubmit(FIELDS);
  const put = (change: Partial<typeof draft>) => {
    submit.clear();
    setDraft((old) => ({ ...old, ...change }));
  };
  const leaveAddress = () => {
    const address = draft.address.trim();
    if (/^\S+@\S+$/.test(address) && !draft.username) put({ username: address });
  };
  const onSubmit = async (event: FormEvent) => {
    event.preventDefault();
    await submit.run(async () => {
      const { address, username, password } = draft;
      const wish = { address: address.trim(), username: username.trim(), password };
      onConnected(await api.post<CalendarConnection>("/api/connections/caldav", wish));
    });
  };
  return (
    <form ref={submit.form} onSubmit={(event) => void onSubmit(event)}>
      <Stack gap="md">
        <TextInput
          label={t("calendars.address")}
          description={t("calendars.addressHint")}
          inputWrapperOrder={["label", "input", "description", "error"]}
          placeholder="https://dav.example.com"
          autoComplete="off"
          spellCheck={false}
          data-autofocus
          value={draft.address}
          error={submit.at("address")}
          onChange={(event) => put({ address: event.currentTarget.value })}
          onBlur={leaveAddress}
        />
        <TextInput
          label={t("calendars.username")}
          autoComplete="off"
          spellCheck={false}
          value={draft.username}
          error={submit.at("username")}
          onChange={(event) => put({ username: event.currentTarget.value })}
        />
        <PasswordInput
          label={t("calendars.password")}
          description={t("calendars.passwordHint")}
          inputWrapperOrder={["label", "input", "description", "error"]}
          autoComplete="off"
          visibilityToggleButtonProps={{ "aria-label": t("account.showPassword") }}
          value={draft.password}
          error={submit.at("password")}
          onChange={(event) => put({ password: event.currentTarget.value })}
        />
        <Notice>{submit.message}</Notice>
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            {t("common.cancel")}
          </Button>
          <Button
            type="submit"
            loading={submit.busy}
            disabled={!draft.address.trim() || !draft.username.trim() || !draft.password}
          >
            {t("calendars.connect")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
