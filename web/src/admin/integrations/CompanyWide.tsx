import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconBuilding, IconKey, IconShieldCheck } from "@tabler/icons-react";
import { useState } from "react";
import { Confirm } from "../../account/parts/Confirm";
import { Notice } from "../../account/parts/Notice";
import { useSubmit } from "../../account/parts/useSubmit";
import { askConsent } from "../../calendars/consent";
import { StatusLine } from "../../calendars/StatusLine";
import { api } from "../../lib/api";
import { t } from "../../lib/i18n";
import styles from "./integrations.module.css";
import { ServiceAccount } from "./ServiceAccount";
import type { Integration } from "./types";

interface Props {
  integration: Integration;
  onChanged(): Promise<void>;
}

/** One consent for everybody: Microsoft's by an administrator there, Google's by a service account. */
export function CompanyWide({ integration, onChanged }: Props) {
  const { provider, company, on, configured } = integration;
  const [pasting, setPasting] = useState(false);
  const [leaving, setLeaving] = useState(false);
  const submit = useSubmit();
  if (provider !== "microsoft" && provider !== "google") return null;
  const name = t(`calendars.provider.${provider}`);
  // A service account brings its own key; Microsoft's consent is given to the operator's application.
  const able = on && (configured || provider === "google");

  const ask = async () => {
    if (provider === "google") setPasting(true);
    else await submit.run(() => askConsent(provider, { company: true }));
  };
  const remove = async () => {
    await api.delete(`/api/admin/integrations/${provider}`);
    notifications.show({ message: t("calendars.disconnected", { name }), color: "spruce" });
    await onChanged();
  };
  const Icon = provider === "google" ? IconKey : IconShieldCheck;
  return (
    <div className={styles.company}>
      <IconBuilding size={20} stroke={1.6} aria-hidden />
      <div className={styles.companyText}>
        <b>{t("integrations.company")}</b>
        {company ? (
          <>
            <span className={styles.soft}>{company.account}</span>
            <StatusLine connection={company} />
            {company.trouble && <span className={styles.trouble}>{company.trouble}</span>}
          </>
        ) : (
          <span className={styles.soft}>{t(`integrations.company.${provider}`)}</span>
        )}
        {submit.message && <Notice>{submit.message}</Notice>}
      </div>
      <div className={styles.companyActs}>
        {(!company || company.status === "reconnect") && (
          <Button
            size="xs"
            variant={company ? "filled" : "default"}
            leftSection={<Icon size={16} aria-hidden />}
            disabled={!able}
            loading={submit.busy}
            onClick={() => void ask()}
          >
            {t(company ? "calendars.reconnect" : `integrations.companyAct.${provider}`)}
          </Button>
        )}
        {company && (
          <Button size="xs" variant="subtle" color="falu" onClick={() => setLeaving(true)}>
            {t("calendars.disconnect")}
          </Button>
        )}
      </div>
      {provider === "google" && (
        <ServiceAccount opened={pasting} onClose={() => setPasting(false)} onSaved={onChanged} />
      )}
      <Confirm
        opened={leaving}
        title={t("integrations.companyLeave", { name })}
        deed={t("calendars.disconnect")}
        onClose={() => setLeaving(false)}
        onConfirm={remove}
      >
        <p>{t("integrations.companyLeaveText")}</p>
        <ul>
          <li>{t("integrations.companyErase.meetings")}</li>
          <li>{t("integrations.companyErase.contacts")}</li>
          <li>{t(`integrations.companyErase.${provider}`)}</li>
        </ul>
      </Confirm>
    </div>
  );
}
