import { Button, Switch, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconAddressBook, IconBan, IconHash, IconPhoneOff, IconUser } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { Notice } from "../account/parts/Notice";
import { Section } from "../account/parts/Section";
import { useSubmit } from "../account/parts/useSubmit";
import { useTitle } from "../account/parts/useTitle";
import { attempt } from "../chat/actions";
import { useChat, useChatState } from "../chat/context";
import { api } from "../lib/api";
import { t } from "../lib/i18n";
import { setMarks, useFavourites } from "./favourites";
import { Back } from "./ImportPage";
import styles from "./pages.module.css";
import type { Favourite } from "./types";

/** Whose calls I never get: numbers, all that begin alike, hidden ones, contacts and colleagues. */
export default function BlockedPage() {
  useTitle(t("contacts.blockedTitle"));
  return (
    <div className={styles.page}>
      <div className={styles.inner}>
        <Back />
        <h1>{t("contacts.blockedTitle")}</h1>
        <p className={styles.lead}>{t("contacts.blockedLead")}</p>
        <Anonymous />
        <AddNumber />
        <BlockedList />
      </div>
    </div>
  );
}

function Anonymous() {
  const blocked = useFavourites().some((one) => one.kind === "anonymous" && one.blocked);
  const [wanted, setWanted] = useState<boolean | null>(null);
  const change = async (on: boolean) => {
    setWanted(on);
    await attempt(async () => {
      await api.put("/api/favourites/anonymous", { blocked: on });
    });
    setWanted(null);
  };
  return (
    <Section id="anonymous" title={t("contacts.anonymousTitle")}>
      <Switch
        label={t("contacts.anonymous")}
        description={t("contacts.anonymousHint")}
        checked={wanted ?? blocked}
        onChange={(event) => void change(event.currentTarget.checked)}
      />
    </Section>
  );
}

function AddNumber() {
  const [number, setNumber] = useState("");
  const [name, setName] = useState("");
  const submit = useSubmit(["number", "name"]);
  const onSubmit = async (event: FormEvent) => {
    event.preventDefault();
    const wanted = {
      number: number.trim(),
      blocked: true,
      ...(name.trim() && { name: name.trim() }),
    };
    if (!(await submit.run(() => api.put("/api/favourites/number", wanted)))) return;
    setNumber("");
    setName("");
    notifications.show({ message: t("contacts.blockDone"), color: "spruce" });
  };
  return (
    <Section id="block" title={t("contacts.blockTitle")} lead={t("contacts.blockHint")}>
      <form ref={submit.form} onSubmit={(event) => void onSubmit(event)} onChange={submit.clear}>
        <div className={styles.addForm}>
          <TextInput
            label={t("contacts.blockNumber")}
            type="tel"
            autoComplete="off"
            placeholder="08-465 004 00"
            required
            withAsterisk={false}
            maxLength={40}
            value={number}
            error={submit.at("number")}
            onChange={(event) => setNumber(event.currentTarget.value)}
          />
          <TextInput
            label={t("contacts.blockName")}
            autoComplete="off"
            maxLength={120}
            value={name}
            error={submit.at("name")}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Button type="submit" loading={submit.busy} disabled={number.trim() === ""}>
            {t("contacts.block")}
          </Button>
        </div>
        <Notice>{submit.message}</Notice>
      </form>
    </Section>
  );
}

const ICONS = {
  person: IconUser,
  contact: IconAddressBook,
  number: IconPhoneOff,
  prefix: IconHash,
  anonymous: IconBan,
};

function BlockedList() {
  const { engine } = useChat();
  const people = useChatState((state) => state.people);
  const blocked = useFavourites().filter((one) => one.blocked && one.kind !== "anonymous");
  const allow = (one: Favourite) => {
    const target = one.user_id ?? one.contact_id;
    if (target) {
      const kind = one.user_id ? "person" : "contact";
      return void setMarks(engine, kind, target, { blocked: false });
    }
    return void attempt(async () => {
      await api.delete(`/api/favourites/${one.id}`);
    });
  };
  return (
    <Section id="blocked" title={t("contacts.blockedList")}>
      {blocked.length === 0 && <p className={styles.none}>{t("contacts.blockedNone")}</p>}
      <ul className={styles.list}>
        {blocked.map((one) => {
          const Icon = ICONS[one.kind];
          const name = one.name || people[one.user_id ?? ""]?.name || "";
          const { main, more } = described(one, name);
          return (
            <li key={one.id} className={styles.item}>
              <span className={styles.itemIcon} aria-hidden>
                <Icon size={19} stroke={1.7} />
              </span>
              <span className={styles.itemText}>
                <b>{main}</b>
                <small>{more}</small>
              </span>
              <Button
                variant="default"
                size="xs"
                aria-label={t("contacts.allowNamed", { name: main })}
                onClick={() => allow(one)}
              >
                {t("contacts.allow")}
              </Button>
            </li>
          );
        })}
      </ul>
    </Section>
  );
}

function described(one: Favourite, given: string): { main: string; more: string } {
  const kind = t(`contacts.kind.${one.kind}`);
  // Without a name of its own, a number is called by its digits.
  const name = given.startsWith("+") ? "" : given;
  if (one.kind === "prefix") {
    return { main: t("contacts.prefix", { number: one.number ?? "" }), more: name || kind };
  }
  if (one.kind === "number") return { main: one.number ?? "", more: name || kind };
  return { main: name, more: kind };
}
