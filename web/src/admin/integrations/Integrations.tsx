import { useEffect, useRef } from "react";
import { Loading } from "../../account/parts/Loading";
import { Notice } from "../../account/parts/Notice";
import { useLoad } from "../../account/parts/useLoad";
import { errorText } from "../../calendars/errors";
import type { CompanyPolicy, Provider } from "../../calendars/types";
import { useOutcome } from "../../calendars/useOutcome";
import { api } from "../../lib/api";
import { t } from "../../lib/i18n";
import { Head } from "../parts";
import { Health } from "./Health";
import styles from "./integrations.module.css";
import { ProviderCard } from "./ProviderCard";
import { RulesForm } from "./RulesForm";
import { withProvider } from "./rules";
import type { Integrations as Found } from "./types";

const AGAIN_MS = 15_000;

/** What the company connects to: which kinds of account, how they are, and how meetings count. */
export default function Integrations() {
  const found = useLoad<Found>("/api/admin/integrations");
  const policy = useLoad<CompanyPolicy>("/api/admin/calendar-policy");
  const { outcome } = useOutcome();
  useAgain(found.reload);
  const put = async (next: CompanyPolicy) => {
    policy.change(() => next);
    await found.reload();
  };
  const turn = useTurns(policy.data, put);
  return (
    <>
      <Head title={t("integrations.title")} lead={t("integrations.lead")} />
      {outcome && (
        <div className={styles.told}>
          {outcome.error ? (
            <Notice title={t("calendars.consentFailed")}>{errorText(outcome.error)}</Notice>
          ) : (
            <Notice kind="done" title={t("integrations.consentDone")}>
              {t("integrations.consentNext")}
            </Notice>
          )}
        </div>
      )}
      <Loading from={found} rows={4} height={130}>
        {(data) => (
          <>
            <ul className={styles.providers}>
              {data.providers.map((one) => (
                <ProviderCard
                  key={one.provider}
                  integration={one}
                  onTurn={turn && ((on) => turn(one.provider, on))}
                  onChanged={found.reload}
                />
              ))}
            </ul>
            <Health found={data} onChanged={found.reload} />
          </>
        )}
      </Loading>
      <Loading from={policy} rows={6}>
        {(data) => <RulesForm policy={data} onSaved={(next) => void put(next)} />}
      </Loading>
    </>
  );
}

/** Switches one kind of account after the other: each goes out from what the one before it left. */
function useTurns(
  policy: CompanyPolicy | undefined,
  onSaved: (next: CompanyPolicy) => Promise<void>,
) {
  const allowed = useRef(policy?.providers);
  const last = useRef<Promise<unknown>>(Promise.resolve());
  useEffect(() => {
    allowed.current = policy?.providers;
  }, [policy]);
  if (!policy) return undefined;
  return (provider: Provider, on: boolean): Promise<void> => {
    const next = last.current
      .catch(() => {})
      .then(async () => {
        const providers = withProvider({ providers: allowed.current ?? [] }, provider, on);
        const saved = await api.put<CompanyPolicy>("/api/admin/calendar-policy", { providers });
        allowed.current = saved.providers;
        await onSaved(saved);
      });
    last.current = next;
    return next;
  };
}

/** Asked for again while somebody looks: connections come and go by themselves. */
function useAgain(reload: () => Promise<void>): void {
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") void reload();
    }, AGAIN_MS);
    return () => clearInterval(timer);
  }, [reload]);
}
