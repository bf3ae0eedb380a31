import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { Face } from "../../account/parts/Face";
import { useSubmit } from "../../account/parts/useSubmit";
import { useChatState } from "../../chat/context";
import { matches } from "../../chat/names";
import { byName } from "../../contacts/sections";
import { api } from "../../lib/api";
import { t } from "../../lib/i18n";
import type { Person } from "../../lib/types";
import admin from "../admin.module.css";
import { putNumber } from "./EditNumber";
import { extensions, isExtension, knownAs, type Named } from "./plan";
import styles from "./telephony.module.css";

const PAGE = 100;

interface Props {
  numbers: Named[];
  words: string;
  onSaved(): Promise<void>;
}

/** Everybody's extension, to write where it stands; and what other numbers they have. */
export function ExtensionTable({ numbers, words, onSaved }: Props) {
  const [most, setMost] = useState(PAGE);
  const people = useChatState((state) =>
    Object.values(state.people)
      .filter((one) => one.role !== "bot" && !one.blocked)
      .sort(byName),
  );
  const known = extensions(numbers);
  const found = people.filter(
    (one) => matches(one.name, words) || known[one.id]?.startsWith(words.trim()),
  );
  return (
    <>
      <p className={admin.count} aria-live="polite">
        {t("admin.countAll", { count: found.length })}
      </p>
      <div className={admin.panel}>
        <table className={`${admin.table} ${styles.cardsWhenNarrow}`}>
          <caption className="visually-hidden">{t("telephony.byPerson")}</caption>
          <thead>
            <tr>
              <th scope="col">{t("account.name")}</th>
              <th scope="col">{t("telephony.kind.extension")}</th>
              <th scope="col">{t("telephony.otherNumbers")}</th>
            </tr>
          </thead>
          <tbody>
            {found.slice(0, most).map((person) => (
              <PersonRow
                key={person.id}
                person={person}
                extension={known[person.id] ?? ""}
                numbers={numbers}
                others={numbers.filter(
                  (one) => one.user_id === person.id && one.kind !== "extension",
                )}
                onSaved={onSaved}
              />
            ))}
          </tbody>
        </table>
        {found.length > most && (
          <div className={admin.more}>
            <Button variant="default" onClick={() => setMost(most + PAGE)}>
              {t("admin.showMore", { count: Math.min(PAGE, found.length - most) })}
            </Button>
          </div>
        )}
      </div>
    </>
  );
}

interface RowProps {
  person: Person;
  numbers: Named[];
  extension: string;
  others: Named[];
  onSaved(): Promise<void>;
}

function PersonRow({ person, numbers, extension, others, onSaved }: RowProps) {
  return (
    <tr>
      <td>
        <span className={styles.owner}>
          <Face person={person} size={28} />
          {person.name}
        </span>
      </td>
      <td>
        <Extension
          key={extension}
          person={person}
          numbers={numbers}
          extension={extension}
          onSaved={onSaved}
        />
      </td>
      <td className={others.length > 0 ? styles.digits : styles.none}>
        {others.map((one) => one.display).join(", ") || <span className={admin.soft}>–</span>}
      </td>
    </tr>
  );
}

function Extension({ person, numbers, extension, onSaved }: Omit<RowProps, "others">) {
  const [text, setText] = useState(extension);
  const submit = useSubmit(["number", "kind", "user_id"]);
  const save = async () => {
    const wanted = text.trim();
    if (wanted === extension || submit.busy) return;
    const done = await submit.run(async () => {
      // The new one first: refused, the person keeps the old.
      if (wanted) await putNumber(wanted, { kind: "extension", user_id: person.id });
      if (extension) await api.delete(`/api/admin/numbers/${extension}`);
    });
    if (done) await onSaved();
  };
  const wrong = wrongWith(text.trim(), person.id, numbers);
  return (
    <TextInput
      className={styles.extension}
      aria-label={t("telephony.extensionOf", { name: person.name })}
      inputMode="numeric"
      autoComplete="off"
      placeholder="–"
      maxLength={6}
      value={text}
      disabled={submit.busy}
      error={submit.at("number") ?? submit.message ?? wrong}
      onChange={(event) => {
        submit.clear();
        setText(event.currentTarget.value);
      }}
      onBlur={() => wrong || void save()}
      onKeyDown={(event) => {
        if (event.key === "Enter" && !wrong) void save();
        if (event.key === "Escape") setText(extension);
      }}
    />
  );
}

/** Why these digits cannot be the person's extension: a slip must not take somebody else's. */
function wrongWith(digits: string, userId: string, numbers: Named[]): string | undefined {
  if (digits === "") return undefined;
  if (!isExtension(digits)) return t("telephony.extensionWrong");
  const holder = knownAs(numbers, digits);
  if (!holder?.user_id || holder.user_id === userId) return undefined;
  return t("telephony.extensionTaken", { name: holder.person?.name ?? t("chat.someone") });
}
