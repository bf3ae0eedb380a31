import { Button, FileButton, Text, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconFileSpreadsheet } from "@tabler/icons-react";
import { type DragEvent, useRef, useState } from "react";
import { t } from "../../lib/i18n";
import { decode, roughRows } from "../csv";
import styles from "./import.module.css";

const LARGEST = 5_000_000;

interface Props {
  text: string;
  onChange: (text: string) => void;
}

/** A file dropped, a file chosen, or rows pasted: in the end it is text that one can see. */
export function FileDrop({ text, onChange }: Props) {
  const [over, setOver] = useState(false);
  const chooser = useRef<() => void>(null);

  const take = async (file: File | null | undefined) => {
    chooser.current?.();
    if (!file) return;
    if (file.size > LARGEST) {
      notifications.show({ message: t("admin.importTooLarge"), color: "falu" });
      return;
    }
    onChange(decode(await file.arrayBuffer()).replace(/^\uFEFF/, ""));
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void take(event.dataTransfer.files[0]);
  };

  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is an extra; the button does the same */}
      <div
        className={styles.drop}
        data-over={over || undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={onDrop}
      >
        <IconFileSpreadsheet size={34} stroke={1.4} aria-hidden />
        <Text fw={600}>{t("admin.importDrop")}</Text>
        <FileButton
          resetRef={chooser}
          accept=".csv,text/csv,text/plain"
          onChange={(file) => void take(file)}
        >
          {(props) => (
            <Button {...props} variant="default" size="sm">
              {t("admin.importChoose")}
            </Button>
          )}
        </FileButton>
      </div>
      <Textarea
        label={t("admin.importPaste")}
        description={text ? t("admin.importRows", { count: roughRows(text) }) : undefined}
        inputWrapperOrder={["label", "input", "description"]}
        placeholder={"email;name;plan;role\nbirger@example.com;Birger Öst;pro;member"}
        classNames={{ input: styles.paste ?? "" }}
        rows={7}
        wrap="off"
        spellCheck={false}
        value={text}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </>
  );
}
