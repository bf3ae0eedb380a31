import { Button, Drawer, Group, Stack } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconLock, IconLockOpen, IconMailForward } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { Face } from "../../account/parts/Face";
import { Notice } from "../../account/parts/Notice";
import page from "../../account/parts/page.module.css";
import { useSubmit } from "../../account/parts/useSubmit";
import { api } from "../../lib/api";
import { t } from "../../lib/i18n";
import { useMe } from "../../lib/session";
import styles from "../admin.module.css";
import { StatusDot } from "../parts";
import type { AdminPerson } from "../types";
import { changed, draftOf, FIELDS } from "./draft";
import { statusOf } from "./filter";
import { LastSeen } from "./PeopleTable";
import { PersonFields } from "./PersonFields";
import type { Acts } from "./PersonMenu";

interface Props {
  person: AdminPerson | null;
  acts: Acts;
  onClose: () => void;
  onSaved: () => Promise<void>;
}

/** One person, beside the list. */
export function EditPerson({ person, acts, onClose, onSaved }: Props) {
  return (
    <Drawer
      opened={person !== null}
      onClose={onClose}
      position="right"
      size={520}
      title={t("admin.edit")}
      padding="lg"
      classNames={{ title: page.dialogTitle ?? "" }}
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      {person && (
        <Edit key={person.id} person={person} acts={acts} onClose={onClose} onSaved={onSaved} />
      )}
    </Drawer>
  );
}

function Edit({ person, acts, onClose, onSaved }: Props & { person: AdminPerson }) {
  const me = useMe();
  const before = draftOf(person);
  const [draft, setDraft] = useState(before);
  const submit = useSubmit(FIELDS);
  const changes = changed(before, draft);
  const dirty = Object.keys(changes).length > 0;

  const onSubmit = async (event: FormEvent) => {
    event.preventDefault();
    if (!(await submit.run(() => api.patch(`/api/admin/people/${person.id}`, changes)))) return;
    notifications.show({ message: t("admin.savedPerson", { name: draft.name }), color: "spruce" });
    onClose();
    await onSaved();
  };

  return (
    <Stack gap="lg">
      <div className={styles.who}>
        <Face person={person} size={56} />
        <div className={styles.whoText}>
          <span className={styles.whoName}>{person.name}</span>
          <span className={styles.soft}>@{person.handle}</span>
          <Group gap={12} mt={4}>
            <StatusDot status={statusOf(person)} />
            <LastSeen person={person} long />
          </Group>
        </div>
      </div>
      <form ref={submit.form} onSubmit={onSubmit} onChange={submit.clear}>
        <Stack gap="lg">
          <PersonFields
            draft={draft}
            submit={submit}
            roleFixed={person.id === me.id}
            onChange={setDraft}
          />
          <Notice>{submit.message}</Notice>
          <Group gap="sm">
            <Button type="submit" loading={submit.busy} disabled={!dirty}>
              {t("common.save")}
            </Button>
            <Button variant="default" onClick={onClose}>
              {t("common.cancel")}
            </Button>
          </Group>
        </Stack>
      </form>
      {(person.id !== me.id || person.invited) && <Entry person={person} acts={acts} />}
    </Stack>
  );
}

/** Whether and how the person gets in. */
function Entry({ person, acts }: { person: AdminPerson; acts: Acts }) {
  const me = useMe();
  return (
    <section className={styles.entry} aria-label={t("admin.entry")}>
      <h3 className={styles.entryTitle}>{t("admin.entry")}</h3>
      <p className={styles.soft}>{t(`admin.entry.${statusOf(person)}`)}</p>
      <Group gap="sm" mt="sm">
        {statusOf(person) === "invited" && (
          <Button
            variant="default"
            leftSection={<IconMailForward size={17} />}
            onClick={() => acts.resend(person)}
          >
            {t("admin.resend")}
          </Button>
        )}
        {person.id !== me.id && (
          <Button
            variant="outline"
            color={person.blocked ? "spruce" : "falu"}
            leftSection={person.blocked ? <IconLockOpen size={17} /> : <IconLock size={17} />}
            onClick={() => acts.block(person)}
          >
            {t(person.blocked ? "admin.unblock" : "admin.block")}
          </Button>
        )}
      </Group>
    </section>
  );
}
