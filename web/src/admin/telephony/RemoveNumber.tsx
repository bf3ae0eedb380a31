import { Confirm } from "../../account/parts/Confirm";
import { api } from "../../lib/api";
import { t } from "../../lib/i18n";
import type { PlanNumber } from "./types";

interface Props {
  number: PlanNumber | null;
  onClose(): void;
  onDone(): Promise<void>;
}

/** Ask before a number leaves the plan: calls to it are turned away from then on. */
export function RemoveNumber({ number, onClose, onDone }: Props) {
  const shown = { number: number?.display ?? "" };
  const remove = async () => {
    await api.delete(`/api/admin/numbers/${encodeURIComponent(number?.number ?? "")}`);
    await onDone();
  };
  return (
    <Confirm
      opened={number !== null}
      title={t("telephony.removeTitle", shown)}
      deed={t("telephony.remove")}
      onClose={onClose}
      onConfirm={remove}
    >
      {t("telephony.removeText")}
    </Confirm>
  );
}
