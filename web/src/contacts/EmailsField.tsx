import { Button, Input, Stack, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { IconAct } from "../account/parts/IconAct";
import type { Submit } from "../account/parts/useSubmit";
import { t } from "../lib/i18n";
import styles from "./contacts.module.css";
import { looksLikeEmail, rowFaults } from "./draft";

const MOST = 20;

interface Props {
  value: string[];
  submit: Submit;
  onChange(emails: string[]): void;
}

/** A contact's e-mail addresses, and what is wrong with each beside it. */
export function EmailsField({ value, submit, onChange }: Props) {
  const { rows, whole } = rowFaults(value, "emails", submit.at, looksLikeEmail);
  const label = t("contacts.field.emails");
  return (
    <Input.Wrapper label={label} error={whole} labelElement="div">
      <Stack gap={8} mt={4} role="group" aria-label={label}>
        {value.map((email, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: an address being typed has no other identity
          <div key={index} className={styles.fieldRow}>
            <TextInput
              inputMode="email"
              autoComplete="off"
              spellCheck={false}
              aria-label={t("contacts.emailAt", { at: index + 1 })}
              placeholder="namn@example.com"
              maxLength={254}
              error={rows[index] ?? Boolean(whole)}
              value={email}
              onChange={(event) => {
                const { value: next } = event.currentTarget;
                onChange(value.map((one, at) => (at === index ? next : one)));
              }}
            />
            <IconAct
              icon={IconTrash}
              label={t("contacts.emailRemove", { email: email || index + 1 })}
              onClick={() => onChange(value.filter((_, at) => at !== index))}
            />
          </div>
        ))}
        {value.length < MOST && (
          <Button
            className={styles.addRow}
            variant="subtle"
            size="compact-sm"
            leftSection={<IconPlus size={15} />}
            onClick={() => onChange([...value, ""])}
          >
            {t("contacts.emailAdd")}
          </Button>
        )}
      </Stack>
    </Input.Wrapper>
  );
}
