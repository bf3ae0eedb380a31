import { Button, Checkbox, Group, Stack } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { type FormEvent, useState } from "react";
import { Dialog } from "../../account/parts/Dialog";
import { Notice } from "../../account/parts/Notice";
import { useSubmit } from "../../account/parts/useSubmit";
import { api } from "../../lib/api";
import { t } from "../../lib/i18n";
import { useMe } from "../../lib/session";
import { FIELDS, newDraft, tidy } from "./draft";
import { PersonFields } from "./PersonFields";

interface Props {
  opened: boolean;
  onClose: () => void;
  onAdded: () => Promise<void>;
}

/** A new colleague, invited by mail unless one says otherwise. */
export function AddPerson({ opened, onClose, onAdded }: Props) {
  return (
    <Dialog opened={opened} onClose={onClose} title={t("admin.addPerson")} size="lg">
      <NewPerson onClose={onClose} onAdded={onAdded} />
    </Dialog>
  );
}

function NewPerson({ onClose, onAdded }: Omit<Props, "opened">) {
  const me = useMe();
  const [draft, setDraft] = useState(() => newDraft(me.language));
  const [invite, setInvite] = useState(true);
  const submit = useSubmit(FIELDS);

  const onSubmit = async (event: FormEvent) => {
    event.preventDefault();
    const body = { ...tidy(draft), invite };
    if (!(await submit.run(() => api.post("/api/admin/people", body)))) return;
    const said = invite ? "admin.addedInvited" : "admin.added";
    notifications.show({ message: t(said, { name: body.name }), color: "spruce" });
    onClose();
    await onAdded();
  };

  return (
    <form ref={submit.form} onSubmit={onSubmit} onChange={submit.clear}>
      <Stack gap="lg">
        <PersonFields draft={draft} submit={submit} onChange={setDraft} />
        <Checkbox
          label={t("admin.sendInvitation")}
          description={t("admin.sendInvitationHint")}
          checked={invite}
          onChange={(event) => setInvite(event.currentTarget.checked)}
        />
        <Notice>{submit.message}</Notice>
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            {t("common.cancel")}
          </Button>
          <Button type="submit" loading={submit.busy}>
            {t("admin.add")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
