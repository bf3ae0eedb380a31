import { Button, Group, Stack, TextInput } from "@mantine/core";
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

/** A calendar that somebody publishes at an address. */
export function ConnectIcs({ onClose, onConnected }: Props) {
  const [url, setUrl] = useState("");
  const [name, setName] = useState("");
  const submit = useSubmit(["url", "name"]);
  const onSubmit = async (event: FormEvent) => {
    event.preventDefault();
    await submit.run(async () => {
      const wish = { url: url.trim(), ...(name.trim() ? { name: name.trim() } : {}) };
      onConnected(await api.post<CalendarConnection>("/api/connections/ics", wish));
    });
  };
  return (
    <form ref={submit.form} onSubmit={(event) => void onSubmit(event)} onChange={submit.clear}>
      <Stack gap="md">
        <TextInput
          label={t("calendars.url")}
          description={t("calendars.urlHint")}
          inputWrapperOrder={["label", "input", "description", "error"]}
          placeholder="https://example.com/kalender.ics"
          autoComplete="off"
          spellCheck={false}
          data-autofocus
          value={url}
          error={submit.at("url")}
          onChange={(event) => setUrl(event.currentTarget.value)}
        />
        <TextInput
          label={t("calendars.icsName")}
          maxLength={120}
          autoComplete="off"
          value={name}
          error={submit.at("name")}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Notice>{submit.message}</Notice>
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            {t("common.cancel")}
          </Button>
          <Button type="submit" loading={submit.busy} disabled={!url.trim()}>
            {t("calendars.connect")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
