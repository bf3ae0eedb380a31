import { Anchor, Button } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { Link, useParams } from "wouter";
import { api } from "../lib/api";
import { t } from "../lib/i18n";
import { AuthLayout } from "./auth/AuthLayout";
import styles from "./auth/auth.module.css";
import { NewPassword } from "./auth/NewPassword";
import { Notice } from "./parts/Notice";
import { useSubmit } from "./parts/useSubmit";
import { useTitle } from "./parts/useTitle";

/** A new password, from the link in the mail. */
export default function Reset() {
  const { token = "" } = useParams<{ token: string }>();
  const [password, setPassword] = useState("");
  const [done, setDone] = useState(false);
  const submit = useSubmit(["new"]);
  useTitle(t("account.reset"));

  const onSubmit = async (event: FormEvent) => {
    event.preventDefault();
    if (await submit.run(() => api.post("/api/password/reset", { token, new: password }))) {
      setDone(true);
    }
  };

  if (done) {
    return (
      <AuthLayout title={t("account.resetDone")} lead={t("account.resetDoneLead")}>
        <Button component={Link} href="/sign-in" size="md" fullWidth>
          {t("account.signIn")}
        </Button>
      </AuthLayout>
    );
  }
  return (
    <AuthLayout title={t("account.reset")} lead={t("account.resetLead")}>
      <form className={styles.form} ref={submit.form} onSubmit={onSubmit} onChange={submit.clear}>
        <NewPassword
          label={t("account.newPassword")}
          value={password}
          error={submit.at("new")}
          autoFocus
          onChange={setPassword}
        />
        <Notice>{submit.message}</Notice>
        <Button type="submit" size="md" fullWidth loading={submit.busy} disabled={submit.wait > 0}>
          {submit.wait > 0 ? t("account.wait", { count: submit.wait }) : t("account.resetSave")}
        </Button>
      </form>
      <p className={styles.after}>
        {t("account.resetOld")}{" "}
        <Anchor component={Link} href="/forgot" size="sm">
          {t("account.resetAgain")}
        </Anchor>
      </p>
    </AuthLayout>
  );
}
