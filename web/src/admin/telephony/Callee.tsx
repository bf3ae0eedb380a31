import { Autocomplete } from "@mantine/core";
import { useMemo, useState } from "react";
import { useChatState } from "../../chat/context";
import { byName } from "../../contacts/sections";
import { t } from "../../lib/i18n";

const SHOWN = 40;

interface Props {
  /** A person's id, or a number as written. */
  value: string;
  error?: string | undefined;
  onChange(to: string): void;
}

/** Whom the call is for: a colleague by name, or any number of the company. */
export function Callee({ error, onChange }: Props) {
  const people = useChatState((state) => state.people);
  const [text, setText] = useState("");
  const names = useMemo(
    () =>
      Object.values(people)
        .filter((one) => one.role !== "bot" && !one.blocked)
        .sort(byName),
    [people],
  );
  const change = (next: string) => {
    setText(next);
    onChange(names.find((one) => one.name === next)?.id ?? next.trim());
  };
  return (
    <Autocomplete
      label={t("telephony.to")}
      placeholder={t("telephony.toExample")}
      autoComplete="off"
      maxLength={120}
      limit={SHOWN}
      data={[...new Set(names.map((one) => one.name))]}
      value={text}
      error={error}
      onChange={change}
    />
  );
}
