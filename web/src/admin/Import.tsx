import { Button, Group, Stack } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import { Notice } from "../account/parts/Notice";
import { Section } from "../account/parts/Section";
import { useSubmit } from "../account/parts/useSubmit";
import { api } from "../lib/api";
import { currentLanguage, t } from "../lib/i18n";
import { template } from "./csv";
import { FileDrop } from "./import/FileDrop";
import { Outcome } from "./import/Outcome";
import { Head } from "./parts";
import type { ImportAnswer } from "./types";

/** Many people at once, from a spreadsheet: first a rehearsal, then for real. */
export default function Import() {
  const [text, setText] = useState("");
  const [invite, setInvite] = useState(true);
  const [answer, setAnswer] = useState<ImportAnswer | null>(null);
  const submit = useSubmit();

  const send = (dryRun: boolean) =>
    submit.run(async () => {
      const path = `/api/admin/people/import?dry_run=${dryRun}&invite=${invite}`;
      setAnswer(await api.send<ImportAnswer>("POST", path, text, "text/csv; charset=utf-8"));
    });
  const apply = async () => {
    if (await send(false)) {
      notifications.show({ message: t("admin.importDone"), color: "spruce" });
    }
  };
  const change = (next: string) => {
    submit.clear();
    setAnswer(null);
    setText(next);
  };

  return (
    <>
      <Head title={t("admin.import")} lead={t("admin.importLead")}>
        <Button
          variant="default"
          leftSection={<IconDownload size={17} />}
          onClick={() => download(template(currentLanguage()), "vaxel-personer.csv")}
        >
          {t("admin.importTemplate")}
        </Button>
      </Head>
      <Section id="import-file" title={t("admin.importFile")} lead={t("admin.importColumns")}>
        <Stack gap="md">
          <FileDrop text={text} onChange={change} />
          <Notice>{submit.message}</Notice>
          {!answer && (
            <Group>
              <Button
                loading={submit.busy}
                disabled={text.trim() === ""}
                onClick={() => void send(true)}
              >
                {t("admin.importCheck")}
              </Button>
            </Group>
          )}
        </Stack>
      </Section>
      {answer && (
        <Outcome
          answer={answer}
          busy={submit.busy}
          invite={invite}
          onInvite={setInvite}
          onApply={() => void apply()}
          onAgain={() => change("")}
        />
      )}
    </>
  );
}

function download(text: string, name: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}
