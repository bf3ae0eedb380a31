import { Section } from "../../account/parts/Section";
import { t } from "../../lib/i18n";
import { Copyable } from "./Copyable";
import { curl } from "./curl";

/** How another system sends a message, in one command. */
export function Example() {
  return (
    <Section id="example" title={t("admin.exampleTitle")} lead={t("admin.exampleLead")}>
      <Copyable label="curl" text={curl(window.location.origin)} />
    </Section>
  );
}
