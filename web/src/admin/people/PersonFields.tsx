import { Select, Stack, TextInput } from "@mantine/core";
import { LanguageSelect } from "../../account/parts/LanguageSelect";
import { Pair } from "../../account/parts/Pair";
import { PhonesField } from "../../account/parts/PhonesField";
import type { Submit } from "../../account/parts/useSubmit";
import { t } from "../../lib/i18n";
import type { Plan, Role } from "../../lib/types";
import type { Draft } from "./draft";

const PLANS: Plan[] = ["basic", "pro", "business", "enterprise"];
const ROLES: Role[] = ["member", "attendant", "admin"];

interface Props {
  draft: Draft;
  submit: Submit;
  /** One's own role is not one's own to change. */
  roleFixed?: boolean;
  onChange: (draft: Draft) => void;
}

/** What an administrator fills in about a person, new or known. */
export function PersonFields({ draft, submit, roleFixed = false, onChange }: Props) {
  const text = (name: "name" | "email" | "title" | "department") => ({
    label: t(`account.${name}`),
    name,
    value: draft[name],
    error: submit.at(name),
    onChange: (event: React.ChangeEvent<HTMLInputElement>) =>
      onChange({ ...draft, [name]: event.currentTarget.value }),
  });
  const roles = ROLES.includes(draft.role) ? ROLES : [...ROLES, draft.role];
  const must = { required: true, withAsterisk: false };
  return (
    <Stack gap="md">
      <TextInput {...text("name")} {...must} maxLength={120} autoComplete="off" data-autofocus />
      <TextInput {...text("email")} {...must} type="email" maxLength={254} autoComplete="off" />
      <Pair>
        <Select
          label={t("admin.field.plan")}
          allowDeselect={false}
          data={PLANS.map((plan) => ({ value: plan, label: t(`account.plan.${plan}`) }))}
          value={draft.plan}
          error={submit.at("plan")}
          description={t(`admin.planHint.${draft.plan}`)}
          inputWrapperOrder={["label", "input", "description", "error"]}
          onChange={(plan) => onChange({ ...draft, plan: (plan ?? draft.plan) as Plan })}
        />
        <Select
          label={t("admin.field.role")}
          allowDeselect={false}
          disabled={roleFixed}
          data={roles.map((role) => ({ value: role, label: t(`account.role.${role}`) }))}
          value={draft.role}
          error={submit.at("role")}
          description={t(roleFixed ? "admin.ownRole" : `admin.roleHint.${draft.role}`)}
          inputWrapperOrder={["label", "input", "description", "error"]}
          onChange={(role) => onChange({ ...draft, role: (role ?? draft.role) as Role })}
        />
        <TextInput {...text("title")} maxLength={120} autoComplete="off" />
        <TextInput {...text("department")} maxLength={120} autoComplete="off" />
      </Pair>
      <PhonesField
        value={draft.phones}
        error={submit.at("phones")}
        onChange={(phones) => onChange({ ...draft, phones })}
      />
      <LanguageSelect
        value={draft.language}
        error={submit.at("language")}
        onChange={(language) => onChange({ ...draft, language })}
      />
    </Stack>
  );
}
