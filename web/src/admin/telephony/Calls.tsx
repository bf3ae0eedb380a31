import { Section } from "../../account/parts/Section";
import { t } from "../../lib/i18n";
import { Simulation } from "./Simulation";

/** What would happen to a call, to anybody at any time, without a telephone. */
export default function Calls() {
  return (
    <Section id="calls" title={t("telephony.calls")} lead={t("telephony.callsLead")}>
      <Simulation />
    </Section>
  );
}
