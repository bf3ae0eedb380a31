import { Button, Input, Select, Stack, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { IconAct } from "../account/parts/IconAct";
import type { Submit } from "../account/parts/useSubmit";
import { t } from "../lib/i18n";
import type { Phone } from "../lib/types";
import styles from "./contacts.module.css";
import { looksLikeNumber, rowFaults } from "./draft";

const KINDS: Phone["kind"][] = ["mobile", "work", "other"];
const MOST = 20;

interface Props {
  value: Phone[];
  submit: Submit;
  onChange(phones: Phone[]): void;
}

/** A contact's numbers, each with its kind, and what is wrong with it beside it. */
export function NumbersField({ value, submit, onChange }: Props) {
  const put = (index: number, change: Partial<Phone>) =>
    onChange(value.map((phone, at) => (at === index ? { ...phone, ...change } : phone)));
  const numbers = value.map((phone) => phone.number);
  const { rows, whole } = rowFaults(numbers, "phones", submit.at, looksLikeNumber);
  const label = t("contacts.field.phones");
  return (
    <Input.Wrapper label={label} error={whole} labelElement="div">
      <Stack gap={8} mt={4} role="group" aria-label={label}>
        {value.map((phone, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a number being typed has no other identity
          <div key={index} className={styles.fieldRow}>
            <Select
              w={112}
              aria-label={t("contacts.phoneKind")}
              allowDeselect={false}
              data={KINDS.map((kind) => ({ value: kind, label: t(`contacts.phone.${kind}`) }))}
              value={phone.kind}
              onChange={(kind) => put(index, { kind: (kind ?? phone.kind) as Phone["kind"] })}
            />
            <TextInput
              type="tel"
              autoComplete="off"
              aria-label={t("contacts.number", { at: index + 1 })}
              placeholder="070-174 06 05"
              maxLength={32}
              error={rows[index] ?? Boolean(whole)}
              value={phone.number}
              onChange={(event) => put(index, { number: event.currentTarget.value })}
            />
            <IconAct
              icon={IconTrash}
              label={t("contacts.numberRemove", { number: phone.number || index + 1 })}
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
            onClick={() =>
              onChange([...value, { kind: value.length ? "work" : "mobile", number: "" }])
            }
          >
            {t("contacts.numberAdd")}
          </Button>
        )}
      </Stack>
    </Input.Wrapper>
  );
}
