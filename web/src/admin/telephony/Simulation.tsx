import { Button, Switch, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { Notice } from "../../account/parts/Notice";
import { useSubmit } from "../../account/parts/useSubmit";
import { api } from "../../lib/api";
import { t } from "../../lib/i18n";
import { Callee } from "./Callee";
import { CallFlow } from "./CallFlow";
import styles from "./telephony.module.css";
import type { Simulated } from "./types";

const FIELDS = ["from", "to", "at", "anonymous", "queue"];

/** Try a call: from whom, to whom, when. `to` fixes the callee, for oneself. */
export function Simulation({ to: fixed }: { to?: string }) {
  const [from, setFrom] = useState("");
  const [anonymous, setAnonymous] = useState(false);
  const [to, setTo] = useState(fixed ?? "");
  const [at, setAt] = useState("");
  const [found, setFound] = useState<Simulated | null>(null);
  const submit = useSubmit(FIELDS);

  const onSubmit = async (event: FormEvent) => {
    event.preventDefault();
    await submit.run(async () => {
      const body = {
        from: anonymous ? "" : from.trim(),
        to,
        ...(anonymous && { anonymous }),
        ...(at && { at: new Date(at).toISOString() }),
      };
      setFound(await api.post<Simulated>("/api/routing/simulate", body));
    });
  };
  const change = () => {
    submit.clear();
    setFound(null);
  };

  return (
    <>
      <form ref={submit.form} onSubmit={(event) => void onSubmit(event)} onChange={change}>
        <div className={styles.call}>
          <TextInput
            label={t("telephony.from")}
            type="tel"
            autoComplete="off"
            placeholder="070-174 06 05"
            maxLength={40}
            disabled={anonymous}
            value={anonymous ? "" : from}
            error={submit.at("from")}
            onChange={(event) => setFrom(event.currentTarget.value)}
          />
          {fixed === undefined && (
            <Callee
              value={to}
              error={submit.at("to")}
              onChange={(next) => {
                change();
                setTo(next);
              }}
            />
          )}
          <TextInput
            label={t("telephony.at")}
            type="datetime-local"
            value={at}
            error={submit.at("at")}
            onChange={(event) => setAt(event.currentTarget.value)}
          />
          <Switch
            className={styles.anonymous}
            label={t("telephony.anonymous")}
            checked={anonymous}
            onChange={(event) => setAnonymous(event.currentTarget.checked)}
          />
          <Button
            type="submit"
            loading={submit.busy}
            disabled={to.trim() === "" || (!anonymous && from.trim() === "")}
          >
            {t("telephony.try")}
          </Button>
        </div>
        <Notice>{submit.message}</Notice>
      </form>
      <div aria-live="polite">{found && <CallFlow found={found} />}</div>
    </>
  );
}
