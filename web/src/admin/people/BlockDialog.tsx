import { notifications } from "@mantine/notifications";
import { useRef } from "react";
import { Confirm } from "../../account/parts/Confirm";
import { api } from "../../lib/api";
import { t } from "../../lib/i18n";
import type { AdminPerson } from "../types";

interface Props {
  person: AdminPerson | null;
  onClose: () => void;
  onDone: () => Promise<void>;
}

/** Ask before a person is shut out, or let in again. */
export function BlockDialog({ person, onClose, onDone }: Props) {
  // While the dialog fades out there is nobody to ask about, but the words should stay.
  const last = useRef(person);
  if (person) last.current = person;
  const { name = "", id = "", blocked = false } = last.current ?? {};
  const deed = blocked ? "unblock" : "block";

  const go = async () => {
    await api.post(`/api/admin/people/${id}/${deed}`);
    notifications.show({ message: t(`admin.${deed}Done`, { name }), color: "spruce" });
    await onDone();
  };
  return (
    <Confirm
      opened={person !== null}
      title={t(`admin.${deed}Title`, { name })}
      deed={t(`admin.${deed}`)}
      destructive={!blocked}
      onClose={onClose}
      onConfirm={go}
    >
      {t(`admin.${deed}Text`, { name })}
    </Confirm>
  );
}
