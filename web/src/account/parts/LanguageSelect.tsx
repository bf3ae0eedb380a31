import { Select } from "@mantine/core";
import { t } from "../../lib/i18n";
import type { Language } from "../../lib/types";

interface Props {
  value: Language;
  label?: string;
  error?: string | undefined;
  description?: string;
  onChange: (language: Language) => void;
}

/** Swedish or English, each named in its own language. */
export function LanguageSelect({ value, label, error, description, onChange }: Props) {
  return (
    <Select
      label={label ?? t("account.language")}
      description={description}
      allowDeselect={false}
      data={[
        { value: "sv", label: "Svenska" },
        { value: "en", label: "English" },
      ]}
      value={value}
      error={error}
      onChange={(language) => language && onChange(language as Language)}
    />
  );
}
