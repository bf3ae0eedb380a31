import { ActionIcon, Button, Select, TextInput, Tooltip } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { AVAILABLE, wordsOf } from "../../activities/activity";
import type { Keyword } from "../../calendars/types";
import { useChatState } from "../../chat/context";
import { currentLanguage, t } from "../../lib/i18n";
import styles from "./integrations.module.css";

const MOST = 100;

interface Props {
  kind: "keyword" | "category";
  rows: Keyword[];
  error?: string | undefined;
  tidy(text: string): string;
  onChange(rows: Keyword[]): void;
  /** More that can be done with the table. */
  children?: ReactNode;
}

/** Words, and the activity that each stands for. */
export function WordTable({ kind, rows, error, tidy, onChange, children }: Props) {
  const types = useTypes();
  const put = (index: number, change: Partial<Keyword>) =>
    onChange(rows.map((row, at) => (at === index ? { ...row, ...change } : row)));
  return (
    <fieldset className={styles.words}>
      <legend>{t(`integrations.${kind}s`)}</legend>
      <p className={styles.sublead}>{t(`integrations.${kind}sHint`)}</p>
      <ul>
        {rows.map((row, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a row being edited has no other identity
          <li key={index}>
            <TextInput
              className={kind === "keyword" ? styles.word : undefined}
              aria-label={t(`integrations.${kind}`, { count: index + 1 })}
              placeholder={kind === "keyword" ? "LUN" : t("integrations.categoryExample")}
              maxLength={kind === "keyword" ? 8 : 60}
              autoComplete="off"
              spellCheck={false}
              value={row.word}
              error={Boolean(error)}
              onChange={(event) => put(index, { word: tidy(event.currentTarget.value) })}
            />
            <Select
              aria-label={t("integrations.standsFor", { word: row.word })}
              allowDeselect={false}
              searchable
              data={types}
              value={row.type_id}
              onChange={(next) => put(index, { type_id: next ?? row.type_id })}
            />
            <Tooltip label={t("integrations.removeWord", { word: row.word })}>
              <ActionIcon
                variant="subtle"
                color="gray"
                size={36}
                aria-label={t("integrations.removeWord", { word: row.word })}
                onClick={() => onChange(rows.filter((_, at) => at !== index))}
              >
                <IconX size={17} />
              </ActionIcon>
            </Tooltip>
          </li>
        ))}
      </ul>
      {error && (
        <p className={styles.trouble} role="alert">
          {error}
        </p>
      )}
      {rows.length < MOST && (
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={() => onChange([...rows, { word: "", type_id: types[0]?.value ?? "" }])}
        >
          {t(`integrations.${kind}Add`)}
        </Button>
      )}
      {children}
    </fieldset>
  );
}

/** The company's activities that a word may stand for. */
function useTypes(): { value: string; label: string }[] {
  const company = useChatState((state) => state.activities);
  return company
    .filter((type) => type.id !== AVAILABLE)
    .map((type) => ({ value: type.id, label: wordsOf(type.label, currentLanguage()) }));
}
