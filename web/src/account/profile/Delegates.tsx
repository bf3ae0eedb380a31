import { MultiSelect } from "@mantine/core";
import { IconUserPlus } from "@tabler/icons-react";
import { useChatState } from "../../chat/context";
import { matches } from "../../chat/names";
import { t } from "../../lib/i18n";
import { useMe } from "../../lib/session";
import { Notice } from "../parts/Notice";
import { Section } from "../parts/Section";
import { useSubmit } from "../parts/useSubmit";
import { saveMe } from "./save";

const SHOWN = 50;

/** Colleagues who may choose my activity. */
export function Delegates() {
  const me = useMe();
  const submit = useSubmit(["delegates"]);
  const people = useChatState((state) => state.people);
  const chosen = me.delegates ?? [];
  const data = Object.values(people)
    .filter((one) => one.role !== "bot" && one.id !== me.id)
    .filter((one) => !one.blocked || chosen.includes(one.id))
    .sort((a, b) => a.name.localeCompare(b.name, "sv"))
    .map((one) => ({ value: one.id, label: one.name }));
  return (
    <Section id="delegates" title={t("account.delegates")} lead={t("account.delegatesLead")}>
      <MultiSelect
        label={t("account.delegatesLabel")}
        data={data}
        value={chosen.filter((id) => people[id])}
        error={submit.at("delegates")}
        searchable
        clearable
        hidePickedOptions
        limit={SHOWN}
        placeholder={chosen.length === 0 ? t("account.delegatesNone") : ""}
        leftSection={<IconUserPlus size={17} stroke={1.7} aria-hidden />}
        nothingFoundMessage={t("chat.picker.none")}
        filter={({ options, search }) =>
          options.filter((option) => "label" in option && matches(option.label, search))
        }
        onChange={(delegates) => void submit.run(() => saveMe({ delegates }))}
      />
      <Notice>{submit.message}</Notice>
    </Section>
  );
}
