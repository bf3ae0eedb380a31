import { ActivityEditor } from "../../activities/ActivityEditor";
import { t } from "../../lib/i18n";
import { Section } from "../parts/Section";

/** The activities that I choose among: the company's, as I want them, and my own. */
export function MyActivities() {
  return (
    <Section id="activities" title={t("account.activities")} lead={t("account.activitiesLead")}>
      <ActivityEditor scope="own" />
    </Section>
  );
}
