import { Button, SegmentedControl, TextInput } from "@mantine/core";
import { IconHash, IconPlus, IconSearch } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { Empty } from "../../account/parts/Empty";
import { Loading } from "../../account/parts/Loading";
import { useLoad } from "../../account/parts/useLoad";
import { useChatState } from "../../chat/context";
import { t } from "../../lib/i18n";
import admin from "../admin.module.css";
import { Head } from "../parts";
import { EditNumber } from "./EditNumber";
import { ExtensionTable } from "./ExtensionTable";
import { MainNumber } from "./MainNumber";
import { NumberTable } from "./NumberTable";
import { matching, type Named } from "./plan";
import { RemoveNumber } from "./RemoveNumber";
import styles from "./telephony.module.css";
import type { PlanNumber } from "./types";

/** Which numbers the company has, and whose they are. */
export default function Numbers() {
  const plan = useLoad<{ numbers: PlanNumber[] }>("/api/admin/numbers");
  const [edited, setEdited] = useState<PlanNumber | "new" | null>(null);
  const [removed, setRemoved] = useState<PlanNumber | null>(null);
  return (
    <>
      <Head title={t("telephony.numbers")} lead={t("telephony.numbersLead")}>
        <Button leftSection={<IconPlus size={17} />} onClick={() => setEdited("new")}>
          {t("telephony.numberAdd")}
        </Button>
      </Head>
      <Loading from={plan} rows={5}>
        {({ numbers }) => (
          <>
            <MainNumber numbers={numbers} onSaved={plan.reload} />
            <Listing
              numbers={numbers}
              onEdit={setEdited}
              onRemove={setRemoved}
              onSaved={plan.reload}
            />
          </>
        )}
      </Loading>
      <EditNumber
        number={edited}
        numbers={plan.data?.numbers ?? []}
        onClose={() => setEdited(null)}
        onSaved={plan.reload}
      />
      <RemoveNumber number={removed} onClose={() => setRemoved(null)} onDone={plan.reload} />
    </>
  );
}

interface Props {
  numbers: PlanNumber[];
  onEdit(number: PlanNumber): void;
  onRemove(number: PlanNumber): void;
  onSaved(): Promise<void>;
}

type View = "numbers" | "people";

function Listing({ numbers, onEdit, onRemove, onSaved }: Props) {
  const [view, setView] = useState<View>("numbers");
  const [words, setWords] = useState("");
  const people = useChatState((state) => state.people);
  const named = useMemo<Named[]>(
    () => numbers.map((number) => ({ ...number, person: people[number.user_id ?? ""] })),
    [numbers, people],
  );
  const shown = useMemo(() => matching(named, words), [named, words]);
  return (
    <>
      <div className={styles.tools}>
        <TextInput
          type="search"
          aria-label={t("telephony.numberSearch")}
          placeholder={t("telephony.numberSearch")}
          leftSection={<IconSearch size={17} />}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
        <SegmentedControl
          aria-label={t("telephony.view")}
          data={[
            { value: "numbers", label: t("telephony.byNumber") },
            { value: "people", label: t("telephony.byPerson") },
          ]}
          value={view}
          onChange={(next) => setView(next as View)}
        />
      </div>
      {view === "people" && <ExtensionTable numbers={named} words={words} onSaved={onSaved} />}
      {view === "numbers" && (
        <>
          <p className={admin.count} aria-live="polite">
            {t("telephony.numberCount", { count: shown.length })}
          </p>
          {shown.length > 0 ? (
            <NumberTable numbers={shown} onEdit={onEdit} onRemove={onRemove} />
          ) : (
            <Empty
              icon={IconHash}
              title={t(numbers.length > 0 ? "telephony.numberNone" : "telephony.numberEmpty")}
            >
              {numbers.length === 0 && t("telephony.numberEmptyHint")}
            </Empty>
          )}
        </>
      )}
    </>
  );
}
