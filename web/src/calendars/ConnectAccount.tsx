import { Button, Group, PasswordInput, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { Notice } from "../account/parts/Notice";
import { useSubmit } from "../account/parts/useSubmit";
import { api } from "../lib/api";
import { t } from "../lib/i18n";
import type { CalendarConnection, PasswordProvider } from "./types";

interface Props {
  provider: PasswordProvider;
  onClose(): void;
  onConnected(connection: CalendarConnection): void;
}

const FIELDS = ["address", "username", "password"];

const PLACEHOLDERS: Record<PasswordProvider, string> = {
  caldav: "https://dav.example.com",
  exchange: "mail.example.com",
};

/** An account at a server of one's own: its address, a user and a password. */
export function ConnectAccount({ provider, onClose, onConnected }: Props) {
  const [draft, setDraft] = useState({ address: "", username: "", password: "" });
  const submit = useSubmit(FIELDS);
  const put = (change: Partial<typeof draft>) => {
    submit.clear();
    setDraft((old) => ({ ...old, ...change }));
  };
  const leaveAddress = () => {
    const address = draft.address.trim();
    if (provider === "caldav" && /^\S+@\S+$/.test(address) && !draft.username)
      put({ username: address });
  };
  const onSubmit = async (event: FormEvent) => {
    event.preventDefault();
    await submit.run(async () => {
      const { address, username, password } = draft;
      const wish = { address: address.trim(), username: username.trim(), password };
      onConnected(await api.post<CalendarConnection>(`/api/connections/${provider}`, wish));
    });
  };
  return (
    <form ref={submit.form} onSubmit={(event) => void onSubmit(event)}>
      <Stack gap="md">
        <TextInput
          label={t("calendars.address")}
          description={t(`calendars.addressHint.${provider}`)}
          inputWrapperOrder={["label", "input", "description", "error"]}
          placeholder={PLACEHOLDERS[provider]}
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
          description={provider === "exchange" ? t("calendars.usernameHint.exchange") : undefined}
          inputWrapperOrder={["label", "input", "description", "error"]}
          autoComplete="off"
          spellCheck={false}
          value={draft.username}
          error={submit.at("username")}
          onChange={(event) => put({ username: event.currentTarget.value })}
        />
        <PasswordInput
          label={t(`calendars.password.${provider}`)}
          description={t(`calendars.passwordHint.${provider}`)}
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
