import { FileButton } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconMicrophone, IconTrash, IconUpload } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { Confirm } from "../../account/parts/Confirm";
import { IconAct } from "../../account/parts/IconAct";
import { Player } from "../../activities/Player";
import { api } from "../../lib/api";
import { currentLocale, t } from "../../lib/i18n";
import { attemptClip, clipPath, LARGEST, sendClip } from "./clip";
import styles from "./telephony.module.css";
import type { ClipRow } from "./types";

interface Props {
  clip: ClipRow;
  onChanged(clip: ClipRow): void;
  onRecord(): void;
}

/** One phrase: what it says, how it sounds, and how to have it recorded. */
export function ClipLine({ clip, onChanged, onRecord }: Props) {
  const [removing, setRemoving] = useState(false);
  const chooser = useRef<() => void>(null);
  const upload = async (file: File | null) => {
    chooser.current?.();
    if (!file) return;
    if (file.size > LARGEST) {
      notifications.show({ message: t("telephony.soundTooLarge"), color: "falu" });
      return;
    }
    await attemptClip(async () => onChanged(await sendClip(clip, file)));
  };
  const remove = async () => {
    await api.delete(clipPath(clip));
    onChanged({ ...clip, recorded: false, seconds: null, url: null });
  };
  return (
    <li className={styles.clip} data-recorded={clip.recorded || undefined}>
      <span className={styles.clipText} lang={clip.language}>
        {clip.text}
        <small>{clip.recorded ? length(clip) : t("telephony.synthetic")}</small>
      </span>
      <span className={styles.clipSound}>
        {clip.url && <Player src={clip.url} label={clip.text} />}
      </span>
      <span className={styles.clipActs}>
        <IconAct
          icon={IconMicrophone}
          label={t("telephony.recordNamed", { text: clip.text })}
          onClick={onRecord}
        />
        <FileButton resetRef={chooser} accept="audio/*" onChange={(file) => void upload(file)}>
          {({ onClick }) => (
            <IconAct
              icon={IconUpload}
              label={t("telephony.uploadNamed", { text: clip.text })}
              onClick={onClick}
            />
          )}
        </FileButton>
        {clip.recorded && (
          <IconAct
            danger
            icon={IconTrash}
            label={t("telephony.clipRemoveNamed", { text: clip.text })}
            onClick={() => setRemoving(true)}
          />
        )}
      </span>
      <Confirm
        opened={removing}
        title={t("telephony.clipRemoveTitle")}
        deed={t("telephony.clipRemove")}
        onClose={() => setRemoving(false)}
        onConfirm={remove}
      >
        {t("telephony.clipRemoveText", { text: clip.text })}
      </Confirm>
    </li>
  );
}

function length({ seconds }: ClipRow): string {
  const shown = (seconds ?? 0).toLocaleString(currentLocale(), { maximumFractionDigits: 1 });
  return t("telephony.seconds", { seconds: shown });
}
