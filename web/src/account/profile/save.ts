import { notifications } from "@mantine/notifications";
import { api } from "../../lib/api";
import { t } from "../../lib/i18n";
import { signedIn } from "../../lib/session";
import type { Me, Phone, WorkingHours } from "../../lib/types";

export interface MyChanges {
  name?: string;
  handle?: string;
  title?: string;
  department?: string;
  phones?: Phone[];
  language?: Me["language"];
  time_zone?: string;
  note?: string;
  working_hours?: WorkingHours;
  own_hours?: boolean;
  auto_gone?: boolean;
  delegates?: string[];
}

/** Change my own profile and say so. Throws `Problem`. */
export async function saveMe(changes: MyChanges): Promise<void> {
  signedIn(await api.patch<Me>("/api/me", changes));
  notifications.show({ message: t("account.saved"), color: "spruce", autoClose: 2500 });
}
