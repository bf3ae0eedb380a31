import { Button, Checkbox, Group, Modal, Stack } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { type FormEvent, useState } from "react";
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
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("admin.addPerson")}
      size="lg"
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      <NewPerson onClose={onClose} onAdded={onAdded} />
    </Modal>
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
