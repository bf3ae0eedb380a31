import { Anchor, Button, PasswordInput, TextInput } from "@mantine/core";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { Link, Redirect } from "wouter";
import { api } from "../lib/api";
import { t } from "../lib/i18n";
import { signIn, useSession } from "../lib/session";
import type { Config, DemoPerson } from "../lib/types";
import { AuthLayout } from "./auth/AuthLayout";
import styles from "./auth/auth.module.css";
import { DemoCards } from "./auth/DemoCards";
import { goal } from "./auth/goal";
import { Notice } from "./parts/Notice";
import { useSubmit } from "./parts/useSubmit";
import { useTitle } from "./parts/useTitle";

const FIELDS = ["email", "password"];

/** The first screen of the product. Goes on to the page that was asked for. */
export default function SignIn() {
  const session = useSession();
  useTitle(t("account.signIn"));
  if (session.status === "in") return <Redirect to={goal(window.location.search)} replace />;
  return (
    <AuthLayout title={t("account.signIn")} lead={t("account.signInLead")}>
      <SignInForm />
    </AuthLayout>
  );
}

function SignInForm() {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const submit = useSubmit(FIELDS);
  const demo = useDemo();
  const button = useRef<HTMLButtonElement>(null);

  const onSubmit = async (event: FormEvent) => {
    event.preventDefault();
    if (submit.busy || submit.wait > 0) return;
    await submit.run(() => signIn(email.trim(), password));
  };
  const fill = (person: DemoPerson) => {
    submit.clear();
    setEmail(person.email);
    setPassword(person.password);
    button.current?.focus();
  };

  return (
    <>
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
        <div className={styles.withLink}>
          <PasswordInput
            id="password"
            label={t("account.password")}
            withAsterisk={false}
            name="password"
            autoComplete="current-password"
            required
            size="md"
            value={password}
            error={submit.at("password")}
            visibilityToggleButtonProps={{ "aria-label": t("account.showPassword") }}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <Anchor component={Link} href="/forgot" size="sm" className={styles.link}>
            {t("account.forgotLink")}
          </Anchor>
        </div>
        <Notice>{submit.message}</Notice>
        <Button
          ref={button}
          type="submit"
          size="md"
          fullWidth
          loading={submit.busy}
          disabled={submit.wait > 0}
        >
          {submit.wait > 0 ? t("account.wait", { count: submit.wait }) : t("account.signIn")}
        </Button>
      </form>
      <DemoCards people={demo} chosen={email} onChoose={fill} />
    </>
  );
}

/** The demo's people; none when it is no demo, or when the server cannot be asked. */
function useDemo(): DemoPerson[] {
  const [people, setPeople] = useState<DemoPerson[]>([]);
  useEffect(() => {
    let here = true;
    api
      .get<Config>("/api/config")
      .then((config) => here && setPeople(config.demo))
      .catch(() => {});
    return () => {
      here = false;
    };
  }, []);
  return people;
}
