import { Anchor, Button, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { Link } from "wouter";
import { api } from "../lib/api";
import { t } from "../lib/i18n";
import { AuthLayout } from "./auth/AuthLayout";
import styles from "./auth/auth.module.css";
import { Notice } from "./parts/Notice";
import { useSubmit } from "./parts/useSubmit";
import { useTitle } from "./parts/useTitle";

/** Ask for a link to choose a new password. Never tells whether the address is known. */
export default function Forgot() {
  const [email, setEmail] = useState("");
  const [sentTo, setSentTo] = useState("");
  const submit = useSubmit(["email"]);
  useTitle(t("account.forgot"));

  const onSubmit = async (event: FormEvent) => {
    event.preventDefault();
    const address = email.trim();
    const sent = await submit.run(() => api.post("/api/password/forgot", { email: address }));
    if (sent) setSentTo(address);
  };

  return (
    <AuthLayout title={t("account.forgot")} lead={t("account.forgotLead")}>
      {sentTo ? (
        <Notice kind="done" title={t("account.forgotSentTitle")}>
          {t("account.forgotSent", { email: sentTo })}
        </Notice>
      ) : (
        <form className={styles.form} ref={submit.form} onSubmit={onSubmit} onChange={submit.clear}>
          <TextInput
            label={t("account.email")}
            type="email"
            name="email"
            autoComplete="username"
            autoFocus
            required
            withAsterisk={false}
            size="md"
            value={email}
            error={submit.at("email")}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <Notice>{submit.message}</Notice>
          <Button
            type="submit"
            size="md"
            fullWidth
            loading={submit.busy}
            disabled={submit.wait > 0}
          >
            {submit.wait > 0 ? t("account.wait", { count: submit.wait }) : t("account.forgotSend")}
          </Button>
        </form>
      )}
      <p className={styles.after}>
        <Anchor component={Link} href="/sign-in" size="sm">
          {t("account.backToSignIn")}
        </Anchor>
      </p>
    </AuthLayout>
  );
}
