import { Stack } from "@mantine/core";
import { t } from "../../lib/i18n";
import { useMe } from "../../lib/session";
import { LanguageSelect } from "../parts/LanguageSelect";
import { Notice } from "../parts/Notice";
import { Pair } from "../parts/Pair";
import { Section } from "../parts/Section";
import { TimeZoneSelect } from "../parts/TimeZoneSelect";
import { useSubmit } from "../parts/useSubmit";
import { Appearance } from "./Appearance";
import { saveMe } from "./save";

/** Language, time zone and theme: each takes effect when it is chosen. */
export function Region() {
  const me = useMe();
  const submit = useSubmit(["language", "time_zone"]);
  return (
    <Section id="region" title={t("account.region")} lead={t("account.regionLead")}>
      <Stack gap="lg">
        <Pair>
          <LanguageSelect
            value={me.language}
            error={submit.at("language")}
            onChange={(language) => void submit.run(() => saveMe({ language }))}
          />
          <TimeZoneSelect
            value={me.time_zone}
            error={submit.at("time_zone")}
            onChange={(time_zone) => void submit.run(() => saveMe({ time_zone }))}
          />
        </Pair>
        <Notice>{submit.message}</Notice>
        <Appearance />
      </Stack>
    </Section>
  );
}
