import { Select } from "@mantine/core";
import { useMemo } from "react";
import { useChatState } from "../../chat/context";
import { byName } from "../../contacts/sections";
import { t } from "../../lib/i18n";

const SHOWN = 60;

interface Props {
  label: string;
  description?: string;
  placeholder?: string;
  value: string | null;
  error?: string | undefined;
  clearable?: boolean;
  /** Not offered. */
  without?: string;
  onChange(userId: string | null): void;
}

/** A colleague, found by typing a part of the name. */
export function PersonSelect({ without, ...props }: Props) {
  const people = useChatState((state) => state.people);
  const data = useMemo(
    () =>
      Object.values(people)
        .filter((one) => one.role !== "bot" && !one.blocked && one.id !== without)
        .sort(byName)
        .map((one) => ({ value: one.id, label: one.name })),
    [people, without],
  );
  return (
    <Select
      {...props}
      searchable
      limit={SHOWN}
      allowDeselect={props.clearable ?? false}
      nothingFoundMessage={t("telephony.nobodyFound")}
      inputWrapperOrder={["label", "input", "description", "error"]}
      data={data}
    />
  );
}
