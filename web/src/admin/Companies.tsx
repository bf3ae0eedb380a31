import { Button, Group } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconBuilding, IconPlus } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { Confirm } from "../account/parts/Confirm";
import { Empty } from "../account/parts/Empty";
import { Loading } from "../account/parts/Loading";
import { useLoad } from "../account/parts/useLoad";
import { day } from "../account/parts/when";
import { api } from "../lib/api";
import { t } from "../lib/i18n";
import admin from "./admin.module.css";
import { AddCompany } from "./companies/AddCompany";
import styles from "./companies/companies.module.css";
import { RenameCompany } from "./companies/RenameCompany";
import { Head } from "./parts";
import type { Company } from "./types";

/** For the operator: every company on this server. */
export default function Companies() {
  const companies = useLoad<{ orgs: Company[] }>("/api/operator/orgs");
  const [adding, setAdding] = useState(false);
  const [renamed, setRenamed] = useState<Company | null>(null);
  const [blocked, setBlocked] = useState<Company | null>(null);

  return (
    <>
      <Head title={t("admin.companies")} lead={t("admin.companiesLead")}>
        <Button leftSection={<IconPlus size={17} />} onClick={() => setAdding(true)}>
          {t("admin.companyAdd")}
        </Button>
      </Head>
      <Loading from={companies} rows={3}>
        {({ orgs }) =>
          orgs.length === 0 ? (
            <Empty icon={IconBuilding} title={t("admin.companiesEmpty")} />
          ) : (
            <ul className={admin.cards}>
              {orgs.map((org) => (
                <CompanyRow
                  key={org.id}
                  org={org}
                  onRename={() => setRenamed(org)}
                  onBlock={() => setBlocked(org)}
                />
              ))}
            </ul>
          )
        }
      </Loading>
      <AddCompany opened={adding} onClose={() => setAdding(false)} onAdded={companies.reload} />
      <RenameCompany org={renamed} onClose={() => setRenamed(null)} onSaved={companies.reload} />
      <BlockCompany org={blocked} onClose={() => setBlocked(null)} onDone={companies.reload} />
    </>
  );
}

interface RowProps {
  org: Company;
  onRename: () => void;
  onBlock: () => void;
}

function CompanyRow({ org, onRename, onBlock }: RowProps) {
  return (
    <li className={styles.company}>
      <div className={styles.about}>
        <h3 className={styles.name}>
          {org.name}
          {org.blocked && <span className={admin.blocked}>{t("admin.status.blocked")}</span>}
        </h3>
        <p className={admin.soft}>
          {t("admin.companyPeople", { count: org.people })} · {org.time_zone} ·{" "}
          {t("admin.companySince", { day: day(org.created_at) })}
        </p>
      </div>
      <Group gap="sm">
        <Button variant="default" size="sm" onClick={onRename}>
          {t("admin.rename")}
        </Button>
        <Button
          variant="outline"
          size="sm"
          color={org.blocked ? "spruce" : "falu"}
          onClick={onBlock}
        >
          {t(org.blocked ? "admin.unblock" : "admin.block")}
        </Button>
      </Group>
    </li>
  );
}

interface BlockProps {
  org: Company | null;
  onClose: () => void;
  onDone: () => Promise<void>;
}

function BlockCompany({ org, onClose, onDone }: BlockProps) {
  const last = useRef(org);
  if (org) last.current = org;
  const { id = "", name = "", blocked = false } = last.current ?? {};
  const deed = blocked ? "unblock" : "block";
  const go = async () => {
    await api.patch(`/api/operator/orgs/${id}`, { blocked: !blocked });
    notifications.show({ message: t(`admin.${deed}Done`, { name }), color: "spruce" });
    await onDone();
  };
  return (
    <Confirm
      opened={org !== null}
      title={t(`admin.${deed}Title`, { name })}
      deed={t(`admin.${deed}`)}
      destructive={!blocked}
      onClose={onClose}
      onConfirm={go}
    >
      {t(`admin.${deed}CompanyText`, { name })}
    </Confirm>
  );
}
