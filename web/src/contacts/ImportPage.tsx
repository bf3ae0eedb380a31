import { Button, Progress } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { useState } from "react";
import { Link, useLocation } from "wouter";
import { Notice } from "../account/parts/Notice";
import { Section } from "../account/parts/Section";
import { useSubmit } from "../account/parts/useSubmit";
import { useTitle } from "../account/parts/useTitle";
import { useMyself } from "../chat/context";
import { api } from "../lib/api";
import { t } from "../lib/i18n";
import { DropFile } from "./DropFile";
import { ImportReport } from "./ImportReport";
import styles from "./pages.module.css";
import { ScopeChoice } from "./ScopeChoice";
import type { Scope } from "./types";
import { formatOf, LARGEST, upload } from "./upload";
import { useImport } from "./useImport";

/** Many contacts at once: send a file, see what is wrong with it, then take in what is good. */
export default function ImportPage({ id }: { id?: string | undefined }) {
  const [, navigate] = useLocation();
  useTitle(t("contacts.import"));
  return (
    <div className={styles.page}>
      <div className={styles.inner}>
        <Back />
        <h1>{t("contacts.import")}</h1>
        <p className={styles.lead}>{t("contacts.importLead")}</p>
        {id ? (
          <OnItsWay id={id} onAgain={() => navigate("/contacts/import")} />
        ) : (
          <Choose onSent={(sent) => navigate(`/contacts/import/${sent}`)} />
        )}
      </div>
    </div>
  );
}

/** The way back to the list. */
export function Back() {
  return (
    <Link href="/contacts" className={styles.back}>
      <IconArrowLeft size={17} stroke={1.8} aria-hidden />
      {t("contacts.title")}
    </Link>
  );
}

function Choose({ onSent }: { onSent(id: string): void }) {
  const me = useMyself();
  const [scope, setScope] = useState<Scope>("personal");
  const [share, setShare] = useState<number | null>(null);
  const [wrong, setWrong] = useState("");
  const submit = useSubmit();

  const take = async (file: File) => {
    const format = formatOf(file.name);
    setWrong("");
    if (!format) return setWrong(t("contacts.importKind"));
    if (file.size > LARGEST) return setWrong(t("contacts.importTooLarge"));
    setShare(0);
    const sent = await submit.run(async () => {
      onSent((await upload(file, scope, format, setShare)).id);
    });
    if (!sent) setShare(null);
  };

  return (
    <Section id="file" title={t("contacts.importFile")} lead={t("contacts.importColumns")}>
      <div className={styles.stack}>
        {me.can.includes("admin") && <ScopeChoice value={scope} onChange={setScope} />}
        {share === null ? (
          <DropFile onFile={(file) => void take(file)} />
        ) : (
          <div className={styles.working} role="status">
            <span>{t("contacts.importSending")}</span>
            <Progress value={share * 100} aria-label={t("contacts.importSending")} />
          </div>
        )}
        <Notice>{wrong || submit.message}</Notice>
      </div>
    </Section>
  );
}

function OnItsWay({ id, onAgain }: { id: string; onAgain(): void }) {
  const { found, problem, gone, take } = useImport(id);
  const submit = useSubmit();
  const apply = () =>
    submit.run(async () => {
      await api.post(`/api/contacts/imports/${id}/apply`);
      if (found) take({ ...found, status: "applying" });
    });
  const abandon = async () => {
    if (await submit.run(() => api.delete(`/api/contacts/imports/${id}`))) onAgain();
  };

  if (gone) {
    return (
      <Section title={t("contacts.importGone")}>
        <Button variant="default" onClick={onAgain}>
          {t("contacts.importAgain")}
        </Button>
      </Section>
    );
  }
  if (!found || found.status === "reading" || found.status === "applying") {
    const said =
      found?.status === "applying" ? "contacts.importApplying" : "contacts.importReading";
    return (
      <Section title={t(said)}>
        <div className={styles.working} role="status">
          <Progress value={100} animated aria-label={t(said)} />
          <span>{t("contacts.importRows", { count: found?.rows ?? 0 })}</span>
        </div>
        <Notice>{problem}</Notice>
      </Section>
    );
  }
  return (
    <ImportReport
      found={found}
      busy={submit.busy}
      problem={submit.message}
      onApply={() => void apply()}
      onAbandon={() => void abandon()}
      onAgain={onAgain}
    />
  );
}
