import { Menu } from "@mantine/core";
import type { ReactNode } from "react";
import { withQuery } from "../lib/api";
import { t } from "../lib/i18n";

const CHOICES = [
  { scope: "personal", format: "csv" },
  { scope: "personal", format: "vcard" },
  { scope: "global", format: "csv" },
  { scope: "global", format: "vcard" },
] as const;

/** Take the contacts along: my own or the company's, for a spreadsheet or an address book. */
export function ExportItems({ icon }: { icon: ReactNode }) {
  return CHOICES.map(({ scope, format }) => (
    <Menu.Item
      key={scope + format}
      component="a"
      href={withQuery("/api/contacts/export", { scope, format })}
      download
      leftSection={icon}
    >
      {t(`contacts.export.${scope}.${format}`)}
    </Menu.Item>
  ));
}
