import { Button, Group, Select, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { Dialog } from "../../account/parts/Dialog";
import { Notice } from "../../account/parts/Notice";
import { useSubmit } from "../../account/parts/useSubmit";
import { api } from "../../lib/api";
import { t } from "../../lib/i18n";
import { Secret } from "./Secret";
import type { Exchange, NewSecret } from "./types";

const HOURS = [0, 1, 24, 168];

interface Props {
  exchange: Exchange | null;
  onClose(): void;
  onDone(): Promise<void>;
}

/** A new secret for an exchange; the old one still works for as long as one says. */
export function RotateSecret({ exchange, onClose, onDone }: Props) {
  return (
    <Dialog
      opened={exchange !== null}
      onClose={onClose}
      title={t("telephony.rotateNamed", { name: exchange?.name ?? "" })}
      size="lg"
      sticky
    >
      {exchange && <Rotation exchange={exchange} onClose={onClose} onDone={onDone} />}
    </Dialog>
  );
}

function Rotation({ exchange, onClose, onDone }: Props & { exchange: Exchange }) {
  const [hours, setHours] = useState("24");
  const [made, setMade] = useState<NewSecret | null>(null);
  const submit = useSubmit();
  const rotate = () =>
    submit.run(async () => {
      const path = `/api/admin/pbx/${exchange.id}/rotate`;
      setMade(await api.post<NewSecret>(path, { keep_hours: Number(hours) }));
      await onDone();
    });
  if (made) return <Secret made={made} onClose={onClose} />;
  return (
    <Stack gap="md">
      <Text size="sm" c="var(--ink-2)">
        {t("telephony.rotateText")}
      </Text>
      <Select
        label={t("telephony.rotateKeep")}
        allowDeselect={false}
        data={HOURS.map((each) => ({ value: String(each), label: t(`telephony.keep.${each}`) }))}
        value={hours}
        onChange={(next) => setHours(next ?? hours)}
        data-autofocus
      />
      <Notice>{submit.message}</Notice>
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={onClose}>
          {t("common.cancel")}
        </Button>
        <Button loading={submit.busy} onClick={() => void rotate()}>
          {t("telephony.rotate")}
        </Button>
      </Group>
    </Stack>
  );
}
