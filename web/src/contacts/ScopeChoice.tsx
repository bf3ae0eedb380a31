import { SegmentedControl } from "@mantine/core";
import { t } from "../lib/i18n";
import type { Scope } from "./types";

interface Props {
  value: Scope;
  onChange(scope: "personal" | "global"): void;
}

/** For me alone, or for the whole company. */
export function ScopeChoice({ value, onChange }: Props) {
  return (
    <SegmentedControl
      fullWidth
      aria-label={t("contacts.whose")}
      data={[
        { value: "personal", label: t("contacts.forMe") },
        { value: "global", label: t("contacts.forAll") },
      ]}
      value={value}
      onChange={(scope) => onChange(scope as "personal" | "global")}
    />
  );
}
