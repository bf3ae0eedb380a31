import { Button, Group } from "@mantine/core";
import { IconMicrophone, IconPlayerStopFilled } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { Dialog } from "../../account/parts/Dialog";
import { Notice } from "../../account/parts/Notice";
import { Player } from "../../activities/Player";
import { t } from "../../lib/i18n";
import { sendClip } from "./clip";
import styles from "./telephony.module.css";
import type { ClipRow } from "./types";
import { useRecorder } from "./useRecorder";

interface Props {
  /** The phrases to record, one after the other; null while there is nothing to do. */
  queue: string[] | null;
  clips: ClipRow[];
  onClose(): void;
  onSaved(clip: ClipRow): void;
}

/** The phrase in large letters, a microphone under it, and on to the next one. */
export function RecordDialog({ queue, clips, onClose, onSaved }: Props) {
  return (
    <Dialog
      opened={queue !== null}
      onClose={onClose}
      title={t("telephony.record")}
      size="lg"
      sticky
    >
      {queue && <Session queue={queue} clips={clips} onClose={onClose} onSaved={onSaved} />}
    </Dialog>
  );
}

function Session({ queue, clips, onClose, onSaved }: Props & { queue: string[] }) {
  const [at, setAt] = useState(0);
  const clip = clips.find((one) => one.key === queue[at]);
  if (!clip) return null;
  const last = at >= queue.length - 1;
  return (
    <>
      {queue.length > 1 && (
        <p className={styles.place}>
          {t("telephony.recordPlace", { at: at + 1, all: queue.length })}
        </p>
      )}
      <OnePhrase
        key={clip.key}
        clip={clip}
        last={last}
        onSaved={onSaved}
        onNext={() => (last ? onClose() : setAt(at + 1))}
      />
    </>
  );
}

interface PhraseProps {
  clip: ClipRow;
  last: boolean;
  onSaved(clip: ClipRow): void;
  onNext(): void;
}

function OnePhrase({ clip, last, onSaved, onNext }: PhraseProps) {
  const [saved, setSaved] = useState<ClipRow | null>(null);
  const recorder = useRecorder(async (sound) => {
    const next = await sendClip(clip, sound);
    setSaved(next);
    onSaved(next);
  });
  const going = recorder.state === "recording";
  const main = useRef<HTMLButtonElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the next phrase's button is at hand at once
  useEffect(() => main.current?.focus(), [clip.key, saved]);
  return (
    <div className={styles.phrase}>
      <blockquote lang={clip.language}>{clip.text}</blockquote>
      <Level recorder={recorder} />
      <div aria-live="polite" className={styles.phraseState}>
        {going ? t("telephony.recording") : !saved && t("telephony.recordHint")}
        {saved && !going && saved.url && <Player src={saved.url} label={clip.text} />}
      </div>
      <Notice>{recorder.problem}</Notice>
      <Group justify="center" gap="sm">
        {saved && !going && (
          <Button ref={main} onClick={onNext}>
            {t(last ? "telephony.recordDone" : "telephony.recordOn")}
          </Button>
        )}
        <Button
          ref={saved && !going ? undefined : main}
          data-autofocus
          size={saved && !going ? "sm" : "md"}
          variant={going ? "filled" : saved ? "default" : "filled"}
          color={going ? "falu" : undefined}
          loading={recorder.state === "saving"}
          leftSection={
            going ? <IconPlayerStopFilled size={17} /> : <IconMicrophone size={18} stroke={1.8} />
          }
          onClick={going ? recorder.stop : recorder.start}
        >
          {t(going ? "telephony.recordStop" : saved ? "telephony.recordAgain" : "telephony.record")}
        </Button>
        {!saved && !going && !last && (
          <Button variant="subtle" color="gray" onClick={onNext}>
            {t("telephony.recordSkip")}
          </Button>
        )}
      </Group>
    </div>
  );
}

/** How loud it is: a bar that follows the voice. */
function Level({ recorder }: { recorder: ReturnType<typeof useRecorder> }) {
  const bar = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (recorder.state !== "recording") return;
    let frame = 0;
    const draw = () => {
      if (bar.current) bar.current.style.transform = `scaleX(${recorder.level()})`;
      frame = requestAnimationFrame(draw);
    };
    draw();
    return () => cancelAnimationFrame(frame);
  }, [recorder]);
  return (
    <span
      className={styles.level}
      data-on={recorder.state === "recording" || undefined}
      aria-hidden
    >
      <span ref={bar} />
    </span>
  );
}
