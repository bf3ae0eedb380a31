import { Button, Group, Select, Stack, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { type FormEvent, useState } from "react";
import { Dialog } from "../../account/parts/Dialog";
import { Notice } from "../../account/parts/Notice";
import { useSubmit } from "../../account/parts/useSubmit";
import { api } from "../../lib/api";
import { t } from "../../lib/i18n";
import { PersonSelect } from "./PersonSelect";
import { KINDS, kindOf, knownAs } from "./plan";
import type { NumberKind, PlanNumber } from "./types";

interface Props {
  number: PlanNumber | "new" | null;
  /** The whole plan. */
  numbers: PlanNumber[];
  onClose(): void;
  onSaved(): Promise<void>;
}

/** A number of the plan: a new one, or a known one that is to be somebody else's. */
export function EditNumber({ number, numbers, onClose, onSaved }: Props) {
  const known = number === "new" ? null : number;
  const title = known
    ? t("telephony.numberEdit", { number: known.display })
    : t("telephony.numberAdd");
  return (
    <Dialog opened={number !== null} onClose={onClose} title={title}>
      <NumberForm known={known} numbers={numbers} onClose={onClose} onSaved={onSaved} />
    </Dialog>
  );
}

interface FormProps extends Omit<Props, "number"> {
  known: PlanNumber | null;
}

function NumberForm({ known, numbers, onClose, onSaved }: FormProps) {
  const [written, setWritten] = useState(known?.display ?? "");
  const [kind, setKind] = useState<NumberKind | null>(known?.kind ?? null);
  const [userId, setUserId] = useState<string | null>(known?.user_id ?? null);
  const submit = useSubmit(["number", "kind", "user_id"]);
  const meant = kind ?? kindOf(written);
  const main = meant === "main";

  const onSubmit = async (event: FormEvent) => {
    event.preventDefault();
    const number = known?.number ?? written.trim();
    const body = { kind: meant, user_id: main ? null : userId };
    if (!(await submit.run(() => putNumber(number, body)))) return;
    notifications.show({ message: t("account.saved"), color: "spruce", autoClose: 2500 });
    onClose();
    await onSaved();
  };

  return (
    <form ref={submit.form} onSubmit={(event) => void onSubmit(event)} onChange={submit.clear}>
      <Stack gap="md">
        {!known && (
          <TextInput
            label={t("telephony.number")}
            description={t("telephony.numberHint")}
            inputWrapperOrder={["label", "input", "description", "error"]}
            type="tel"
            placeholder="08-465 004 00"
            required
            withAsterisk={false}
            maxLength={40}
            autoComplete="off"
            value={written}
            error={submit.at("number")}
            data-autofocus
            onChange={(event) => setWritten(event.currentTarget.value)}
          />
        )}
        <Select
          label={t("telephony.kind")}
          allowDeselect={false}
          data={KINDS.map((one) => ({ value: one, label: t(`telephony.kind.${one}`) }))}
          value={meant}
          error={submit.at("kind")}
          onChange={(next) => setKind(next as NumberKind)}
        />
        {!main && (
          <PersonSelect
            label={t("telephony.whose")}
            placeholder={t("telephony.nobodys")}
            clearable
            value={userId}
            error={submit.at("user_id")}
            onChange={setUserId}
          />
        )}
        {!known && knownAs(numbers, written) && (
          <Notice kind="hint">{t("telephony.numberKnown")}</Notice>
        )}
        <Notice>{submit.message}</Notice>
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            {t("common.cancel")}
          </Button>
          <Button type="submit" loading={submit.busy} disabled={written.trim() === ""}>
            {t("common.save")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Keep a number of the plan. Throws `Problem`. */
export function putNumber(
  number: string,
  body: { kind: NumberKind; user_id: string | null },
): Promise<PlanNumber> {
  return api.put<PlanNumber>(`/api/admin/numbers/${encodeURIComponent(number)}`, body);
}
