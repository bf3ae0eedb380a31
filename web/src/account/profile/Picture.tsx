import { Button, FileButton, Group, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useRef, useState } from "react";
import { api } from "../../lib/api";
import { t } from "../../lib/i18n";
import { signedIn, useMe } from "../../lib/session";
import type { Me } from "../../lib/types";
import { Confirm } from "../parts/Confirm";
import { Face } from "../parts/Face";
import { CropDialog } from "./CropDialog";

/** My picture: choose, frame, replace, remove. */
export function Picture() {
  const me = useMe();
  const [picture, setPicture] = useState<ImageBitmap | null>(null);
  const [removing, setRemoving] = useState(false);
  const chooser = useRef<() => void>(null);

  const choose = async (file: File | null) => {
    chooser.current?.();
    if (!file) return;
    try {
      setPicture(await createImageBitmap(file));
    } catch {
      notifications.show({ message: t("account.pictureBad"), color: "falu" });
    }
  };
  const remove = async () => signedIn(await api.delete<Me>("/api/me/picture"));

  return (
    <Group gap="lg" wrap="nowrap">
      <Face person={me} size={84} />
      <Stack gap={8}>
        <Group gap={8}>
          <FileButton
            resetRef={chooser}
            accept="image/png,image/jpeg,image/webp"
            onChange={(file) => void choose(file)}
          >
            {(props) => (
              <Button {...props} variant="default" size="sm">
                {t(me.picture ? "account.pictureReplace" : "account.pictureChoose")}
              </Button>
            )}
          </FileButton>
          {me.picture && (
            <Button variant="subtle" color="falu" size="sm" onClick={() => setRemoving(true)}>
              {t("account.pictureRemove")}
            </Button>
          )}
        </Group>
        <Text size="xs" c="var(--ink-2)">
          {t("account.pictureHint")}
        </Text>
      </Stack>
      {picture && <CropDialog picture={picture} onClose={() => setPicture(null)} />}
      <Confirm
        opened={removing}
        title={t("account.pictureRemoveTitle")}
        deed={t("account.pictureRemove")}
        onClose={() => setRemoving(false)}
        onConfirm={remove}
      >
        {t("account.pictureRemoveText")}
      </Confirm>
    </Group>
  );
}
