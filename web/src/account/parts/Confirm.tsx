import { Button, Group, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { t } from "../../lib/i18n";
import { Dialog } from "./Dialog";
import { Notice } from "./Notice";
import { useSubmit } from "./useSubmit";

interface Props {
  opened: boolean;
  title: string;
  children: ReactNode;
  /** What the button says: the deed itself, never "OK". */
  deed: string;
  destructive?: boolean;
  onClose: () => void;
  onConfirm: () => Promise<unknown>;
}

/** Ask before something that others notice. Stays open, with the reason, when the server refuses. */
export function Confirm({
  opened,
  title,
  children,
  deed,
  destructive = true,
  onClose,
  onConfirm,
}: Props) {
  const submit = useSubmit();
  const close = () => {
    submit.clear();
    onClose();
  };
  const go = async () => {
    if (await submit.run(onConfirm)) close();
  };
  return (
    <Dialog opened={opened} onClose={close} title={title} size="md">
      <Stack gap="md">
        <Text size="sm" c="var(--ink-2)" component="div">
          {children}
        </Text>
        <Notice>{submit.message}</Notice>
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={close} data-autofocus>
            {t("common.cancel")}
          </Button>
          <Button color={destructive ? "falu" : undefined} loading={submit.busy} onClick={go}>
            {deed}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
