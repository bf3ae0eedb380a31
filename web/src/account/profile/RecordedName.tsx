import { Button, Group } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconMicrophone, IconPlayerStopFilled } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { Player } from "../../activities/Player";
import { api, Problem } from "../../lib/api";
import { t } from "../../lib/i18n";
import { Notice } from "../parts/Notice";
import { useSubmit } from "../parts/useSubmit";
import styles from "./profile.module.css";
import { CannotRecord, type Recording, record, type Trouble } from "./recorder";

const PATH = "/api/me/recorded-name";
const LONGEST_MS = 6000;

/** What is done with the recorded name just now. */
type Doing =
  | { what: "nothing" }
  | { what: "recording"; recording: Recording }
  | { what: "judging"; sound: Blob };

/** One's own name in one's own voice: callers hear it instead of "the person you are calling". */
export function RecordedName({ onChanged }: { onChanged(): void }) {
  const [doing, setDoing] = useState<Doing>({ what: "nothing" });
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const submit = useSubmit();
  const kept = useKept();

  const fail = (error: unknown) => {
    setDoing({ what: "nothing" });
    setTrouble(error instanceof CannotRecord ? error.trouble : "impossible");
  };
  const start = async () => {
    setTrouble(null);
    submit.clear();
    try {
      setDoing({ what: "recording", recording: await record() });
    } catch (error) {
      fail(error);
    }
  };
  const stop = async (recording: Recording) => {
    try {
      setDoing({ what: "judging", sound: await recording.finish() });
    } catch (error) {
      fail(error);
    }
  };
  const use = (sound: Blob) =>
    submit.run(async () => {
      await api.send("PUT", PATH, sound, "audio/wav");
      kept.set(sound);
      setDoing({ what: "nothing" });
      onChanged();
      notifications.show({ message: t("account.saved"), color: "spruce", autoClose: 2500 });
    });
  const remove = () =>
    submit.run(async () => {
      await api.delete(PATH);
      kept.set(null);
      onChanged();
    });

  return (
    <div className={styles.recorded}>
      <h3>{t("account.recorded")}</h3>
      <p>{t("account.recordedLead")}</p>
      {doing.what === "recording" && (
        <Listening recording={doing.recording} onStop={() => void stop(doing.recording)} />
      )}
      {doing.what === "judging" && (
        <Judging
          sound={doing.sound}
          busy={submit.busy}
          onUse={() => void use(doing.sound)}
          onAgain={() => void start()}
          onLeave={() => setDoing({ what: "nothing" })}
        />
      )}
      {doing.what === "nothing" && (
        <>
          {kept.url && <Player src={kept.url} label={t("account.recorded")} />}
          {kept.sound === null && <p role="status">{t("account.recordedNone")}</p>}
          <Group gap="sm" mt="sm">
            <Button
              leftSection={<IconMicrophone size={17} stroke={1.9} aria-hidden />}
              onClick={() => void start()}
            >
              {t(kept.url ? "account.recordAgain" : "account.record")}
            </Button>
            {kept.sound === undefined && (
              <Button variant="default" onClick={() => void submit.run(kept.load)}>
                {t("account.recordedHear")}
              </Button>
            )}
            {kept.url && (
              <Button variant="subtle" color="falu" onClick={() => void remove()}>
                {t("account.recordedRemove")}
              </Button>
            )}
          </Group>
        </>
      )}
      {(trouble || submit.message) && (
        <Notice>{trouble ? t(`account.recordTrouble.${trouble}`) : submit.message}</Notice>
      )}
    </div>
  );
}

/** While it records: how loud it is, and the way to stop. Stops by itself. */
function Listening({ recording, onStop }: { recording: Recording; onStop(): void }) {
  const meter = useRef<HTMLSpanElement>(null);
  const stop = useRef(onStop);
  stop.current = onStop;
  useEffect(() => {
    let frame = 0;
    const draw = () => {
      if (meter.current) meter.current.style.transform = `scaleX(${recording.level()})`;
      frame = requestAnimationFrame(draw);
    };
    draw();
    const timer = setTimeout(() => stop.current(), LONGEST_MS);
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  }, [recording]);
  return (
    <div className={styles.listening}>
      <span className={styles.meter} aria-hidden>
        <span ref={meter} />
      </span>
      <Button
        color="falu"
        leftSection={<IconPlayerStopFilled size={16} aria-hidden />}
        onClick={onStop}
        data-autofocus
        autoFocus
      >
        {t("account.recordStop")}
      </Button>
      <p role="status">{t("account.recording")}</p>
    </div>
  );
}

interface JudgingProps {
  sound: Blob;
  busy: boolean;
  onUse(): void;
  onAgain(): void;
  onLeave(): void;
}

function Judging({ sound, busy, onUse, onAgain, onLeave }: JudgingProps) {
  const url = useAddress(sound);
  return (
    <>
      {url && <Player src={url} label={t("account.recorded")} />}
      <Group gap="sm" mt="sm">
        <Button onClick={onUse} loading={busy} autoFocus>
          {t("account.recordUse")}
        </Button>
        <Button variant="default" onClick={onAgain}>
          {t("account.recordAgain")}
        </Button>
        <Button variant="subtle" color="gray" onClick={onLeave}>
          {t("common.cancel")}
        </Button>
      </Group>
    </>
  );
}

/** The recording that the server has: undefined until asked for, null when there is none. */
function useKept() {
  const [sound, set] = useState<Blob | null>();
  const url = useAddress(sound ?? null);
  const load = async () => {
    const answer = await fetch(PATH);
    if (answer.ok) set(await answer.blob());
    else if (answer.status === 404) set(null);
    else throw new Problem(await answer.json());
  };
  return { sound, set, url, load };
}

/** A sound as an address that a player can use; given back when it is no longer needed. */
function useAddress(sound: Blob | null): string | null {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    if (!sound) return setUrl(null);
    const made = URL.createObjectURL(sound);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [sound]);
  return url;
}
