import { Button, Group, Stack } from "@mantine/core";
import { Notice } from "../../account/parts/Notice";
import { t } from "../../lib/i18n";
import { Copyable } from "../bots/Copyable";
import { signedCall } from "./curl";
import type { NewSecret } from "./types";

/** A new key and secret, shown this once, with a question that one can paste and run. */
export function Secret({ made, onClose }: { made: NewSecret; onClose(): void }) {
  return (
    <Stack gap="md">
      <Notice kind="done" title={t("telephony.secretMadeTitle")}>
        {t("telephony.secretMade")}
      </Notice>
      <Copyable label={t("telephony.key")} text={made.key} />
      <Copyable label={t("telephony.secret")} text={made.secret} />
      <Copyable
        label={t("telephony.example")}
        text={signedCall(window.location.origin, made.key, made.secret)}
      />
      <Group justify="flex-end">
        <Button onClick={onClose}>{t("telephony.secretKept")}</Button>
      </Group>
    </Stack>
  );
}
