import { Button, Group, Stack, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { type FormEvent, useState } from "react";
import { Dialog } from "../../account/parts/Dialog";
import { Notice } from "../../account/parts/Notice";
import { useSubmit } from "../../account/parts/useSubmit";
import { api } from "../../lib/api";
import { t } from "../../lib/i18n";
import { accountOf } from "./serviceAccount";

interface Props {
  opened: boolean;
  onClose(): void;
  onSaved(): Promise<void>;
}

/** The key file of Google's service account, pasted once and never shown again. */
export function ServiceAccount({ opened, onClose, onSaved }: Props) {
  return (
    <Dialog
      opened={opened}
      onClose={onClose}
      title={t("integrations.companyAct.google")}
      size="lg"
      sticky
    >
      <Form onClose={onClose} onSaved={onSaved} />
    </Dialog>
  );
}

function Form({ onClose, onSaved }: Omit<Props, "opened">) {
  const [text, setText] = useState("");
  const [wrong, setWrong] = useState(false);
  const submit = useSubmit(["service_account"]);
  const onSubmit = async (event: FormEvent) => {
    event.preventDefault();
    const service_account = accountOf(text);
    setWrong(service_account === null);
    if (!service_account) return;
    await submit.run(async () => {
      await api.put("/api/admin/integrations/google", { service_account });
      notifications.show({ message: t("integrations.consentDone"), color: "spruce" });
      onClose();
      await onSaved();
    });
  };
  return (
    <form ref={submit.form} onSubmit={(event) => void onSubmit(event)}>
      <Stack gap="md">
        <Textarea
          label={t("integrations.serviceAccount")}
          description={t("integrations.serviceAccountHint")}
          inputWrapperOrder={["label", "input", "description", "error"]}
          autosize
          minRows={6}
          maxRows={14}
          spellCheck={false}
          autoComplete="off"
          data-autofocus
          styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 13 } }}
          value={text}
          error={wrong ? t("integrations.serviceAccountWrong") : submit.at("service_account")}
          onChange={(event) => {
            setWrong(false);
            submit.clear();
            setText(event.currentTarget.value);
          }}
        />
        <Notice>{submit.message}</Notice>
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            {t("common.cancel")}
          </Button>
          <Button type="submit" loading={submit.busy} disabled={!text.trim()}>
            {t("calendars.connect")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
