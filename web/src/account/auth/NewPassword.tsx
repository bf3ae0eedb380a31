import { PasswordInput } from "@mantine/core";
import { useId } from "react";
import { t } from "../../lib/i18n";
import styles from "./auth.module.css";
import { passwordRules, SHORTEST, strength } from "./password";

interface Props {
  label: string;
  value: string;
  email?: string;
  error?: string | undefined;
  autoFocus?: boolean;
  size?: "sm" | "md";
  onChange: (value: string) => void;
}

/** A password to choose: shows the rules and how good it is while the person types. */
export function NewPassword({
  label,
  value,
  email = "",
  error,
  autoFocus,
  size = "md",
  onChange,
}: Props) {
  const id = useId();
  const grade = strength(value, email);
  return (
    <div>
      <PasswordInput
        label={label}
        value={value}
        error={error}
        required
        withAsterisk={false}
        data-autofocus={autoFocus || undefined}
        autoFocus={autoFocus}
        name="new-password"
        autoComplete="new-password"
        size={size}
        aria-describedby={id}
        visibilityToggleButtonProps={{ "aria-label": t("account.showPassword") }}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <div className={styles.meter} data-strength={grade} aria-hidden>
        <span />
        <span />
        <span />
        <span />
      </div>
      <p className={styles.rules} id={id} aria-live="polite">
        {advice(value, email, grade)}
      </p>
    </div>
  );
}

function advice(value: string, email: string, grade: number): string {
  if (value === "") return t("account.passwordRules", { count: SHORTEST });
  const rules = passwordRules(value, email);
  if (!rules.notMail) return t("account.passwordNotMail");
  if (!rules.long) return t("account.passwordLeft", { count: SHORTEST - [...value].length });
  return t(`account.strength.${grade}`);
}
