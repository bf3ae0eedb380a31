import { ActionIcon, Button, Group, Input, Select, Stack, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { t } from "../../lib/i18n";
import type { Phone } from "../../lib/types";

const KINDS: Phone["kind"][] = ["work", "mobile", "other"];
const MOST = 10;

interface Props {
  value: Phone[];
  error?: string | undefined;
  onChange: (phones: Phone[]) => void;
}

/** A person's numbers, each with its kind. */
export function PhonesField({ value, error, onChange }: Props) {
  const put = (index: number, change: Partial<Phone>) =>
    onChange(value.map((phone, at) => (at === index ? { ...phone, ...change } : phone)));
  return (
    <Input.Wrapper label={t("account.phones")} error={error} labelElement="div">
      <Stack gap={8} mt={4} role="group" aria-label={t("account.phones")}>
        {value.map((phone, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a number being typed has no other identity
          <Group key={index} gap={8} wrap="nowrap">
            <Select
              w={128}
              flex="none"
              aria-label={t("account.phoneKind")}
              allowDeselect={false}
              data={KINDS.map((kind) => ({ value: kind, label: t(`account.phone.${kind}`) }))}
              value={phone.kind}
              onChange={(kind) => put(index, { kind: (kind ?? "work") as Phone["kind"] })}
            />
            <TextInput
              flex={1}
              type="tel"
              autoComplete="off"
              aria-label={t("account.phoneNumber")}
              placeholder="08-123 456 78"
              maxLength={32}
              error={Boolean(error)}
              value={phone.number}
              onChange={(event) => put(index, { number: event.currentTarget.value })}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              size={36}
              aria-label={t("account.phoneRemove", { number: phone.number })}
              onClick={() => onChange(value.filter((_, at) => at !== index))}
            >
              <IconTrash size={17} />
            </ActionIcon>
          </Group>
        ))}
        {value.length < MOST && (
          <Button
            variant="subtle"
            size="compact-sm"
            leftSection={<IconPlus size={15} />}
            style={{ alignSelf: "flex-start" }}
            onClick={() =>
              onChange([...value, { kind: value.length ? "mobile" : "work", number: "" }])
            }
          >
            {t("account.phoneAdd")}
          </Button>
        )}
      </Stack>
    </Input.Wrapper>
  );
}
