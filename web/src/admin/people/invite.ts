import { notifications } from "@mantine/notifications";
import { api, sentence } from "../../lib/api";
import { t } from "../../lib/i18n";
import type { AdminPerson } from "../types";

/** Mail the invitation once more; earlier links stop working. Says how it went. */
export async function resend(person: AdminPerson): Promise<void> {
  try {
    await api.post(`/api/admin/people/${person.id}/invitation`);
    const message = t("admin.resent", { email: person.email });
    notifications.show({ message, color: "spruce" });
  } catch (error) {
    notifications.show({ message: sentence(error), color: "falu" });
  }
}
