import { Button, Group, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { Dialog } from "../../account/parts/Dialog";
import { Notice } from "../../account/parts/Notice";
import { useSubmit } from "../../account/parts/useSubmit";
import { t } from "../../lib/i18n";
import { putNumber } from "./EditNumber";
import type { PlanNumber } from "./types";

interface Props {
  opened: boolean;
  main: PlanNumber | undefined;
  onClose(): void;
  onSaved(): Promise<void>;
}

/** Choose the company's main number; the one before stays in the plan as a number of its own. */
export function EditMainNumber({ opened, main, onClose, onSaved }: Props) {
  return (
    <Dialog opened={opened} onClose={onClose} title={t("telephony.kind.main")}>
      <MainForm main={main} onClose={onClose} onSaved={onSaved} />
    </Dialog>
  );
}

function MainForm({ main, onClose, onSaved }: Omit<Props, "opened">) {
  const [number, setNumber] = useState(main?.display ?? "");
  const submit = useSubmit(["number"]);
  const onSubmit = async (event: FormEvent) => {
    event.preventDefault();
    const body = { kind: "main" as const, user_id: null };
    if (!(await submit.run(() => putNumber(number.trim(), body)))) return;
    onClose();
    await onSaved();
  };
  return (
    <form ref={submit.form} onSubmit={(event) => void onSubmit(event)} onChange={submit.clear}>
      <Stack gap="md">
        <TextInput
          label={t("telephony.number")}
          description={t("telephony.mainHint")}
          inputWrapperOrder={["label", "input", "description", "error"]}
          type="tel"
          placeholder="08-465 004 00"
          required
          withAsterisk={false}
          maxLength={40}
          autoComplete="off"
          value={number}
          error={submit.at("number")}
          data-autofocus
          onChange={(event) => setNumber(event.currentTarget.value)}
        />
        <Notice>{submit.message}</Notice>
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            {t("common.cancel")}
          </Button>
          <Button type="submit" loading={submit.busy} disabled={number.trim() === ""}>
            {t("common.save")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
