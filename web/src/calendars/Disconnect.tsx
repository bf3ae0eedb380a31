import { notifications } from "@mantine/notifications";
import { Confirm } from "../account/parts/Confirm";
import { api } from "../lib/api";
import { t } from "../lib/i18n";
import { dropConnection } from "./mine";
import { hasContacts } from "./status";
import type { CalendarConnection } from "./types";

interface Props {
  connection: CalendarConnection;
  opened: boolean;
  onClose(): void;
}

/** Ask before an account is let go of, and say what is erased with it. */
export function Disconnect({ connection, opened, onClose }: Props) {
  const { id, provider, account } = connection;
  const name = t(`calendars.provider.${provider}`);
  const remove = async () => {
    await api.delete(`/api/connections/${id}`);
    dropConnection(id);
    notifications.show({ message: t("calendars.disconnected", { name }), color: "spruce" });
  };
  return (
    <Confirm
      opened={opened}
      title={t("calendars.disconnectTitle", { name })}
      deed={t("calendars.disconnect")}
      onClose={onClose}
      onConfirm={remove}
    >
      <p>{t("calendars.disconnectText", { account })}</p>
      <ul>
        <li>{t("calendars.erase.meetings")}</li>
        {hasContacts(provider) && <li>{t("calendars.erase.contacts")}</li>}
        <li>{t(`calendars.erase.key.${provider}`)}</li>
      </ul>
      <p>{t("calendars.disconnectKept", { name })}</p>
    </Confirm>
  );
}
