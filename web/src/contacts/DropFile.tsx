import { Button, FileButton, Text } from "@mantine/core";
import { IconFileImport } from "@tabler/icons-react";
import { type DragEvent, useState } from "react";
import drop from "../admin/import/import.module.css";
import { t } from "../lib/i18n";

/** A file dropped, or one chosen. */
export function DropFile({ onFile }: { onFile(file: File): void }) {
  const [over, setOver] = useState(false);
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer.files[0];
    if (file) onFile(file);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is an extra; the button does the same
    <div
      className={drop.drop}
      data-over={over || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
    >
      <IconFileImport size={34} stroke={1.4} aria-hidden />
      <Text fw={600}>{t("contacts.importDrop")}</Text>
      <FileButton
        accept=".csv,.txt,.tsv,.vcf,.vcard,text/csv,text/vcard"
        onChange={(file) => file && onFile(file)}
      >
        {(props) => (
          <Button {...props} variant="default" size="sm">
            {t("contacts.importChoose")}
          </Button>
        )}
      </FileButton>
      <Text size="sm">{t("contacts.importSizes")}</Text>
    </div>
  );
}
