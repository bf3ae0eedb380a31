import { Switch } from "@mantine/core";
import { Notice } from "../../account/parts/Notice";
import { useSubmit } from "../../account/parts/useSubmit";
import { useWish } from "../../account/parts/useWish";
import { useMine } from "../../calendars/mine";
import { ProviderSign } from "../../calendars/providers";
import { currentLocale, t } from "../../lib/i18n";
import { Copyable } from "../bots/Copyable";
import { CompanyWide } from "./CompanyWide";
import styles from "./integrations.module.css";
import type { Counts, Integration } from "./types";

const COUNTS: (keyof Counts)[] = ["connected", "connecting", "synced", "stale", "lost"];

interface Props {
  integration: Integration;
  /** Undefined until what the company allows was told. */
  onTurn: ((on: boolean) => Promise<void>) | undefined;
  onChanged(): Promise<void>;
}

/** A kind of account: allowed or not, set up or not, and how its connections are. */
export function ProviderCard({ integration, onTurn, onChanged }: Props) {
  const { provider, on, counts } = integration;
  const name = t(`calendars.provider.${provider}`);
  // A company's service account needs no application of ours at Google; people's own accounts do.
  const offer = useMine().providers.find((one) => one.provider === provider);
  const configured = offer?.configured ?? integration.configured;
  const state = stateOf(on, configured);
  const submit = useSubmit();
  const [shown, want] = useWish(on, (next) => submit.run(async () => onTurn?.(next)));
  return (
    <li className={styles.provider}>
      <section aria-label={name}>
        <header className={styles.providerHead}>
          <ProviderSign provider={provider} />
          <div className={styles.providerText}>
            <h3>{name}</h3>
            <span className={styles.state} data-state={state}>
              {t(`integrations.state.${state}`)}
            </span>
          </div>
          <Switch
            size="md"
            aria-label={t("integrations.allow", { name })}
            checked={shown}
            disabled={!onTurn}
            onChange={(event) => void want(event.currentTarget.checked)}
          />
        </header>
        <Notice>{submit.message}</Notice>
        {state === "unset" && <NotSet integration={integration} />}
        <dl className={styles.counts}>
          {COUNTS.map((one) => (
            <div key={one} data-count={counts[one] > 0 ? one : undefined}>
              <dd>{counts[one].toLocaleString(currentLocale())}</dd>
              <dt>{t(`integrations.count.${one}`)}</dt>
            </div>
          ))}
        </dl>
        <CompanyWide integration={integration} onChanged={onChanged} />
      </section>
    </li>
  );
}

function stateOf(on: boolean, configured: boolean): "off" | "unset" | "on" {
  if (!on) return "off";
  return configured ? "on" : "unset";
}

/** What whoever runs the server has to do before this kind can be connected. */
function NotSet({ integration }: { integration: Integration }) {
  const { provider } = integration;
  const settings = SETTINGS[provider];
  return (
    <div className={styles.unset}>
      <Notice kind="hint" title={t("integrations.unset")}>
        {t(settings ? `integrations.unset.${provider}` : "integrations.unset.other")}
      </Notice>
      {settings && (
        <>
          <Copyable label={t("integrations.settings")} text={settings.join("\n")} />
          <Copyable
            label={t("integrations.redirect")}
            text={`${window.location.origin}/oauth/${provider}/callback`}
          />
        </>
      )}
    </div>
  );
}

const SETTINGS: Partial<Record<Integration["provider"], string[]>> = {
  microsoft: ["VAXEL_MICROSOFT_CLIENT_ID=…", "VAXEL_MICROSOFT_CLIENT_SECRET=…"],
  google: ["VAXEL_GOOGLE_CLIENT_ID=…", "VAXEL_GOOGLE_CLIENT_SECRET=…"],
};
