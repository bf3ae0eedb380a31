import { Section } from "../../account/parts/Section";
import { ActivityEditor } from "../../activities/ActivityEditor";
import { t } from "../../lib/i18n";

/** The activities that everybody in the company may choose. */
export default function Activities() {
  return (
    <Section id="activities" title={t("telephony.activities")} lead={t("telephony.activitiesLead")}>
      <ActivityEditor scope="company" />
    </Section>
  );
}
