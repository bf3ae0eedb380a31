import { Anchor, Button, SegmentedControl, Skeleton, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { Link, useLocation, useParams } from "wouter";
import { api, sentence } from "../lib/api";
import { t } from "../lib/i18n";
import { Problem } from "../lib/problem";
import { signedIn } from "../lib/session";
import type { Language, Me } from "../lib/types";
import { AuthLayout } from "./auth/AuthLayout";
import styles from "./auth/auth.module.css";
import { NewPassword } from "./auth/NewPassword";
import { Notice } from "./parts/Notice";
import { useLoad } from "./parts/useLoad";
import { useSubmit } from "./parts/useSubmit";
import { useTitle } from "./parts/useTitle";

interface Invited {
  email: string;
  name: string;
  org: string;
  language: Language;
}

/** Accept an invitation: who you are, and a password of your own. */
export default function Invitation() {
  const { token = "" } = useParams<{ token: string }>();
  const invitation = useLoad<Invited>(`/api/invitations/${encodeURIComponent(token)}`);
  useTitle(t("account.invitation"));

  if (invitation.data) return <Accept token={token} invited={invitation.data} />;
  if (invitation.error) return <Unusable error={invitation.error} retry={invitation.reload} />;
  return (
    <AuthLayout title={t("account.invitation")}>
      <Stack role="status" aria-label={t("common.loading")}>
        <Skeleton height={20} width="70%" />
        <Skeleton height={48} />
        <Skeleton height={48} />
      </Stack>
    </AuthLayout>
  );
}

function Unusable({ error, retry }: { error: unknown; retry: () => Promise<void> }) {
  const passing = error instanceof Problem && error.passing;
  return (
    <AuthLayout title={t("account.invitation")}>
      <Stack>
        <Notice>{passing ? sentence(error) : t("account.invitationOld")}</Notice>
        {passing ? (
          <Button variant="default" onClick={() => void retry()}>
            {t("common.retry")}
          </Button>
        ) : (
          <Anchor component={Link} href="/sign-in" size="sm">
            {t("account.backToSignIn")}
          </Anchor>
        )}
      </Stack>
    </AuthLayout>
  );
}

function Accept({ token, invited }: { token: string; invited: Invited }) {
  const [name, setName] = useState(invited.name);
  const [language, setChosen] = useState<Language>(invited.language);
  const [password, setPassword] = useState("");
  const [, navigate] = useLocation();
  const submit = useSubmit(["name", "password", "language"]);

  const onSubmit = async (event: FormEvent) => {
    event.preventDefault();
    await submit.run(async () => {
      const body = { password, name: name.trim(), language };
      const path = `/api/invitations/${encodeURIComponent(token)}`;
      const answer = await api.post<{ user: Me }>(path, body);
      signedIn(answer.user);
      navigate("/", { replace: true });
    });
  };

  return (
    <AuthLayout
      title={t("account.welcome")}
      lead={t("account.invitationLead", { org: invited.org, email: invited.email })}
    >
      <form className={styles.form} ref={submit.form} onSubmit={onSubmit} onChange={submit.clear}>
        <TextInput
          label={t("account.name")}
          name="name"
          autoComplete="name"
          required
          withAsterisk={false}
          maxLength={120}
          size="md"
          value={name}
          error={submit.at("name")}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {/* For password managers: which account the new password belongs to. */}
        <input type="hidden" name="username" autoComplete="username" value={invited.email} />
        <NewPassword
          label={t("account.choosePassword")}
          value={password}
          email={invited.email}
          error={submit.at("password")}
          onChange={setPassword}
        />
        <div>
          <Text size="md" fw={500} mb={4} id="invitation-language">
            {t("account.language")}
          </Text>
          <SegmentedControl
            fullWidth
            aria-labelledby="invitation-language"
            value={language}
            onChange={(next) => setChosen(next as Language)}
            data={[
              { value: "sv", label: "Svenska" },
              { value: "en", label: "English" },
            ]}
          />
        </div>
        <Notice>{submit.message}</Notice>
        <Button type="submit" size="md" fullWidth loading={submit.busy} disabled={submit.wait > 0}>
          {t("account.join")}
        </Button>
      </form>
    </AuthLayout>
  );
}
