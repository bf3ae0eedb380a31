import { Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { Link } from "wouter";
import { Notice } from "../account/parts/Notice";
import { Actions } from "../account/parts/Pair";
import { Section } from "../account/parts/Section";
import admin from "../admin/admin.module.css";
import report from "../admin/import/import.module.css";
import { currentLocale, t } from "../lib/i18n";
import type { ContactImport, ImportFault } from "./types";

interface Props {
  found: ContactImport;
  busy: boolean;
  problem: string | undefined;
  onApply(): void;
  onAbandon(): void;
  onAgain(): void;
}

/** What the file holds, or what came of it; and what is wrong in it, cell by cell. */
export function ImportReport({ found, busy, problem, onApply, onAbandon, onAgain }: Props) {
  const done = found.status === "done";
  const failed = found.status === "failed";
  const title = failed
    ? "contacts.importFailed"
    : done
      ? "contacts.importDone"
      : "contacts.importRead";
  return (
    <Section id="report" title={t(title)} lead={t(`contacts.importFor.${found.scope}`)}>
      {failed && <Notice>{found.detail ?? t("contacts.importFailedHint")}</Notice>}
      {!failed && (
        <dl className={report.tiles} aria-live="polite">
          <Tile label={t("contacts.importAll")} value={found.rows} look="plain" />
          <Tile
            label={t(done ? "contacts.importTaken" : "contacts.importGood")}
            value={found.good}
            look="good"
          />
          <Tile
            label={t("contacts.importSame")}
            value={found.merged + found.skipped}
            look="plain"
          />
          <Tile label={t("contacts.importBad")} value={found.bad} look="bad" />
        </dl>
      )}
      {!failed && <Remarks found={found} />}
      {found.faults.length > 0 && <Faults found={found} />}
      <Notice>{problem}</Notice>
      <Actions>
        {found.status === "read" && (
          <>
            <Button loading={busy} disabled={found.good === 0} onClick={onApply}>
              {t("contacts.importApply", { count: found.good })}
            </Button>
            <Button variant="default" disabled={busy} onClick={onAbandon}>
              {t("common.cancel")}
            </Button>
          </>
        )}
        {done && (
          <Button component={Link} href="/contacts">
            {t("contacts.importToContacts")}
          </Button>
        )}
        {(done || failed) && (
          <Button variant="default" onClick={onAgain}>
            {t("contacts.importAgain")}
          </Button>
        )}
      </Actions>
    </Section>
  );
}

/** What became of rows that are neither new nor wrong, and of columns that nobody knows. */
function Remarks({ found }: { found: ContactImport }) {
  const said = [
    found.merged > 0 && t("contacts.importMerged", { count: found.merged }),
    found.skipped > 0 && t("contacts.importSkipped", { count: found.skipped }),
    found.ignored?.length > 0 && t("contacts.importIgnored", { columns: found.ignored.join(", ") }),
  ].filter(Boolean);
  if (said.length === 0) return null;
  return <p className={report.hint}>{said.join(" ")}</p>;
}

function Tile({ label, value, look }: { label: string; value: number; look: string }) {
  return (
    <div className={report.tile} data-look={value > 0 ? look : undefined}>
      <dt>{label}</dt>
      <dd>{value.toLocaleString(currentLocale())}</dd>
    </div>
  );
}

function Faults({ found }: { found: ContactImport }) {
  return (
    <>
      <p className={report.hint}>
        {t(found.status === "done" ? "contacts.importLeftOut" : "contacts.importFaultsHint", {
          count: found.bad,
        })}
      </p>
      <div className={admin.panel}>
        <div className={report.faults}>
          <table className={`${admin.table} ${report.faultTable}`}>
            <caption className="visually-hidden">{t("contacts.importFaults")}</caption>
            <thead>
              <tr>
                <th scope="col">{t("contacts.importRow")}</th>
                <th scope="col">{t("contacts.importColumn")}</th>
                <th scope="col">{t("contacts.importValue")}</th>
                <th scope="col">{t("contacts.importWhy")}</th>
              </tr>
            </thead>
            <tbody>
              {found.faults.map((fault, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a cell may have two faults
                <FaultRow key={`${fault.row}.${fault.column}.${at}`} fault={fault} />
              ))}
            </tbody>
          </table>
        </div>
      </div>
      <Button
        component="a"
        href={`/api/contacts/imports/${found.id}/faults.csv`}
        download
        variant="subtle"
        size="compact-sm"
        mt="sm"
        leftSection={<IconDownload size={15} />}
      >
        {t("contacts.importAllFaults")}
      </Button>
    </>
  );
}

function FaultRow({ fault }: { fault: ImportFault }) {
  return (
    <tr>
      <td className={report.number}>
        <span className={report.narrowLabel}>{t("contacts.importRow")} </span>
        {fault.row}
      </td>
      <td>
        <code>{fault.column || "–"}</code>
      </td>
      <td className={report.value}>{fault.value || "–"}</td>
      <td>{fault.detail}</td>
    </tr>
  );
}
