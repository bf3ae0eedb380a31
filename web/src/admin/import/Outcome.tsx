import { Button, Checkbox } from "@mantine/core";
import { Link } from "wouter";
import { Notice } from "../../account/parts/Notice";
import { Actions } from "../../account/parts/Pair";
import { Section } from "../../account/parts/Section";
import { t } from "../../lib/i18n";
import admin from "../admin.module.css";
import type { ImportAnswer, ImportError } from "../types";
import styles from "./import.module.css";

interface Props {
  answer: ImportAnswer;
  busy: boolean;
  /** Whether newcomers are to be mailed. */
  invite: boolean;
  onInvite: (invite: boolean) => void;
  onApply: () => void;
  onAgain: () => void;
}

/** What the file would do, or did; or what is wrong in it, cell by cell. */
export function Outcome({ answer, busy, invite, onInvite, onApply, onAgain }: Props) {
  const wrong = answer.errors.length > 0;
  const nothing = answer.created + answer.updated === 0;
  const done = !answer.dry_run && !wrong;
  return (
    <Section
      id="import-outcome"
      title={t(titleKey(wrong, done))}
      lead={wrong ? undefined : t("admin.importCounted")}
    >
      <dl className={styles.tiles} aria-live="polite">
        <Tile label={t("admin.importCreated")} value={answer.created} look="good" />
        <Tile label={t("admin.importUpdated")} value={answer.updated} look="good" />
        <Tile label={t("admin.importUnchanged")} value={answer.unchanged} look="plain" />
        <Tile label={t("admin.importErrors")} value={answer.errors.length} look="bad" />
      </dl>
      {wrong && <Faults errors={answer.errors} />}
      {!wrong && !done && nothing && <Notice kind="hint">{t("admin.importNothing")}</Notice>}
      {!wrong && !done && answer.created > 0 && (
        <Checkbox
          label={t("admin.importInvite", { count: answer.created })}
          description={t("admin.sendInvitationHint")}
          checked={invite}
          onChange={(event) => onInvite(event.currentTarget.checked)}
        />
      )}
      <Actions>
        {!wrong && !done && (
          <Button loading={busy} disabled={nothing} onClick={onApply}>
            {t("admin.importApply", { count: answer.created + answer.updated })}
          </Button>
        )}
        {done && (
          <Button component={Link} href="/admin">
            {t("admin.importToPeople")}
          </Button>
        )}
        <Button variant="default" onClick={onAgain}>
          {t("admin.importAgain")}
        </Button>
      </Actions>
    </Section>
  );
}

function titleKey(wrong: boolean, done: boolean): string {
  if (wrong) return "admin.importWrong";
  return done ? "admin.importDone" : "admin.importReady";
}

function Tile({ label, value, look }: { label: string; value: number; look: string }) {
  return (
    <div className={styles.tile} data-look={value > 0 ? look : undefined}>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}

const MOST = 200;

function Faults({ errors }: { errors: ImportError[] }) {
  const more = errors.length - MOST;
  return (
    <>
      <p className={styles.hint}>{t("admin.importFix")}</p>
      <div className={admin.panel}>
        <div className={styles.faults}>
          <table className={`${admin.table} ${styles.faultTable}`}>
            <caption className="visually-hidden">{t("admin.importErrors")}</caption>
            <thead>
              <tr>
                <th scope="col">{t("admin.importRow")}</th>
                <th scope="col">{t("admin.importColumn")}</th>
                <th scope="col">{t("admin.importValue")}</th>
                <th scope="col">{t("admin.importProblem")}</th>
              </tr>
            </thead>
            <tbody>
              {errors.slice(0, MOST).map((error, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a cell may have two faults
                <tr key={`${error.row}.${error.column}.${index}`}>
                  <td className={styles.number}>
                    <span className={styles.narrowLabel}>{t("admin.importRow")} </span>
                    {error.row}
                  </td>
                  <td>
                    <code>{error.column || "–"}</code>
                  </td>
                  <td className={styles.value}>{error.value || "–"}</td>
                  <td>{error.problem}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </div>
      {more > 0 && <p className={styles.hint}>{t("admin.importMoreErrors", { count: more })}</p>}
    </>
  );
}
