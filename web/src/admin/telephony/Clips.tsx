import { Button, Progress, SegmentedControl, Switch, TextInput } from "@mantine/core";
import { IconCircleCheck, IconMicrophone, IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { Empty } from "../../account/parts/Empty";
import { Loading } from "../../account/parts/Loading";
import { useLoad } from "../../account/parts/useLoad";
import { folded } from "../../chat/names";
import { t } from "../../lib/i18n";
import { useMe } from "../../lib/session";
import type { Language } from "../../lib/types";
import admin from "../admin.module.css";
import { Head } from "../parts";
import { ClipLine } from "./ClipLine";
import { RecordDialog } from "./RecordDialog";
import styles from "./telephony.module.css";
import type { ClipRow } from "./types";

const PAGE = 60;

/** The phrases that announcements are put together from, and their recordings. */
export default function Clips() {
  const me = useMe();
  const [language, setLanguage] = useState<Language>(me.language);
  const clips = useLoad<{ clips: ClipRow[] }>(`/api/admin/clips?language=${language}`);
  const changed = (clip: ClipRow) =>
    clips.change((old) => ({
      clips: old.clips.map((one) => (one.key === clip.key ? clip : one)),
    }));
  return (
    <>
      <Head title={t("telephony.clips")} lead={t("telephony.clipsLead")}>
        <SegmentedControl
          aria-label={t("account.language")}
          data={[
            { value: "sv", label: "Svenska" },
            { value: "en", label: "English" },
          ]}
          value={language}
          onChange={(next) => setLanguage(next as Language)}
        />
      </Head>
      <Loading from={clips} rows={6}>
        {(data) => <Listing key={language} clips={data.clips} onChanged={changed} />}
      </Loading>
    </>
  );
}

interface Props {
  clips: ClipRow[];
  onChanged(clip: ClipRow): void;
}

function Listing({ clips, onChanged }: Props) {
  const [words, setWords] = useState("");
  const [missing, setMissing] = useState(false);
  const [most, setMost] = useState(PAGE);
  const [recording, setRecording] = useState<string[] | null>(null);
  const recorded = clips.filter((one) => one.recorded).length;
  const left = clips.filter((one) => !one.recorded);
  const found = clips.filter(
    (one) => !(missing && one.recorded) && folded(one.text).includes(folded(words.trim())),
  );
  return (
    <>
      <Done recorded={recorded} all={clips.length}>
        {left.length > 0 && (
          <Button
            leftSection={<IconMicrophone size={17} />}
            onClick={() => setRecording(left.map((one) => one.key))}
          >
            {t("telephony.recordNext")}
          </Button>
        )}
      </Done>
      <div className={styles.tools}>
        <TextInput
          type="search"
          aria-label={t("telephony.clipSearch")}
          placeholder={t("telephony.clipSearch")}
          leftSection={<IconSearch size={17} />}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
        <Switch
          label={t("telephony.onlyMissing")}
          checked={missing}
          onChange={(event) => setMissing(event.currentTarget.checked)}
        />
      </div>
      {found.length === 0 && <Empty icon={IconCircleCheck} title={t("telephony.clipNone")} />}
      {found.length > 0 && (
        <ul className={styles.clips}>
          {found.slice(0, most).map((clip) => (
            <ClipLine
              key={clip.key}
              clip={clip}
              onChanged={onChanged}
              onRecord={() => setRecording([clip.key])}
            />
          ))}
        </ul>
      )}
      {found.length > most && (
        <div className={admin.more}>
          <Button variant="default" onClick={() => setMost(most + PAGE)}>
            {t("admin.showMore", { count: Math.min(PAGE, found.length - most) })}
          </Button>
        </div>
      )}
      <RecordDialog
        queue={recording}
        clips={clips}
        onClose={() => setRecording(null)}
        onSaved={onChanged}
      />
    </>
  );
}

interface DoneProps {
  recorded: number;
  all: number;
  children: React.ReactNode;
}

/** How far one has come. */
function Done({ recorded, all, children }: DoneProps) {
  const said = t("telephony.recorded", { recorded, all });
  const left = all - recorded;
  return (
    <section className={styles.main} aria-label={said}>
      <div className={styles.done}>
        <b>{said}</b>
        <Progress value={(recorded / Math.max(1, all)) * 100} aria-label={said} />
        <small>
          {left > 0 ? t("telephony.recordedHint", { left }) : t("telephony.recordedAll")}
        </small>
      </div>
      {children}
    </section>
  );
}
