import { Button, PasswordInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { type FormEvent, useState } from "react";
import { api } from "../../lib/api";
import { t } from "../../lib/i18n";
import { useMe } from "../../lib/session";
import { NewPassword } from "../auth/NewPassword";
import { Notice } from "../parts/Notice";
import { Actions, Pair } from "../parts/Pair";
import { Section } from "../parts/Section";
import { useSubmit } from "../parts/useSubmit";

/** Change my password; every other device is signed out. */
export function Password({ onChanged }: { onChanged: () => void }) {
  const me = useMe();
  const [current, setCurrent] = useState("");
  const [wanted, setWanted] = useState("");
  const submit = useSubmit(["current", "new"]);

  const onSubmit = async (event: FormEvent) => {
    event.preventDefault();
    if (!(await submit.run(() => api.post("/api/password", { current, new: wanted })))) return;
    setCurrent("");
    setWanted("");
    notifications.show({ message: t("account.passwordChanged"), color: "spruce" });
    onChanged();
  };

  return (
    <Section id="password" title={t("account.password")} lead={t("account.passwordLead")}>
      <form ref={submit.form} onSubmit={onSubmit} onChange={submit.clear}>
        <input type="hidden" name="username" autoComplete="username" value={me.email} />
        <Pair>
          <PasswordInput
            label={t("account.currentPassword")}
            name="current-password"
            autoComplete="current-password"
            required
            withAsterisk={false}
            value={current}
            error={submit.at("current")}
            visibilityToggleButtonProps={{ "aria-label": t("account.showPassword") }}
            onChange={(event) => setCurrent(event.currentTarget.value)}
          />
          <NewPassword
            label={t("account.newPassword")}
            size="sm"
            value={wanted}
            email={me.email}
            error={submit.at("new")}
            onChange={setWanted}
          />
        </Pair>
        <Notice>{submit.message}</Notice>
        <Actions>
          <Button
            type="submit"
            loading={submit.busy}
            disabled={!current || !wanted || submit.wait > 0}
          >
            {submit.wait > 0
              ? t("account.wait", { count: submit.wait })
              : t("account.passwordSave")}
          </Button>
        </Actions>
      </form>
    </Section>
  );
}
