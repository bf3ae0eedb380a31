import { AVAILABLE, type Look, lookOf } from "../activities/activity";
import { useChatState } from "../chat/context";
import { t } from "../lib/i18n";
import { useMe } from "../lib/session";

/** An activity as I see it: my own types win over the company's. None is Available. */
export function useLook(wanted: string | null): Look {
  const me = useMe();
  const company = useChatState((state) => state.activities);
  const id = wanted ?? AVAILABLE;
  const type =
    me.activity_types.find((one) => one.id === id) ?? company.find((one) => one.id === id);
  if (type) return lookOf(type);
  return { id, label: t("activities.unknown"), colour: "gray", icon: "clock", closes: false };
}
