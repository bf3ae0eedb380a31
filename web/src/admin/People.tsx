import { Button, Group } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconFileImport, IconUserPlus, IconUserSearch, IconUsers } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { Link } from "wouter";
import { Empty } from "../account/parts/Empty";
import { Loading } from "../account/parts/Loading";
import { useLoad } from "../account/parts/useLoad";
import { currentLanguage, t } from "../lib/i18n";
import styles from "./admin.module.css";
import { Head } from "./parts";
import { AddPerson } from "./people/AddPerson";
import { BlockDialog } from "./people/BlockDialog";
import { EditPerson } from "./people/EditPerson";
import { Filters } from "./people/Filters";
import { EVERYONE, matching, type Status, tally, type Wanted } from "./people/filter";
import { resend } from "./people/invite";
import { PeopleCards } from "./people/PeopleCards";
import { PeopleTable } from "./people/PeopleTable";
import type { Acts } from "./people/PersonMenu";
import type { AdminPerson } from "./types";

const PAGE = 100;

/** Everyone in the company: who they are, what they may do, whether they can get in. */
export default function People() {
  const people = useLoad<{ people: AdminPerson[] }>("/api/admin/people");
  const [adding, setAdding] = useState(false);
  const [edited, setEdited] = useState<AdminPerson | null>(null);
  const [blocking, setBlocking] = useState<AdminPerson | null>(null);
  const acts: Acts = {
    edit: setEdited,
    block: setBlocking,
    resend: (person) => void resend(person),
  };

  return (
    <>
      <Head title={t("admin.people")} lead={t("admin.peopleLead")}>
        <Group gap="sm">
          <Button
            component={Link}
            href="/admin/import"
            variant="default"
            leftSection={<IconFileImport size={17} />}
          >
            {t("admin.import")}
          </Button>
          <Button leftSection={<IconUserPlus size={17} />} onClick={() => setAdding(true)}>
            {t("admin.addPerson")}
          </Button>
        </Group>
      </Head>
      <Loading from={people} rows={6}>
        {(data) => <Listing people={data.people} acts={acts} />}
      </Loading>
      <AddPerson opened={adding} onClose={() => setAdding(false)} onAdded={people.reload} />
      <EditPerson
        person={edited}
        acts={acts}
        onClose={() => setEdited(null)}
        onSaved={people.reload}
      />
      <BlockDialog
        person={blocking}
        onClose={() => setBlocking(null)}
        onDone={async () => {
          setEdited(null);
          await people.reload();
        }}
      />
    </>
  );
}

/** "12 personer, 2 inbjudna": what is nought goes unsaid. */
function summary(total: number, counts: Record<Status, number>): string {
  const parts = [t("admin.countAll", { count: total })];
  if (counts.invited) parts.push(t("admin.countInvited", { count: counts.invited }));
  if (counts.blocked) parts.push(t("admin.countBlocked", { count: counts.blocked }));
  return parts.join(", ");
}

function Listing({ people, acts }: { people: AdminPerson[]; acts: Acts }) {
  const [wanted, setWanted] = useState<Wanted>(EVERYONE);
  const [most, setMost] = useState(PAGE);
  const narrow = useMediaQuery("(max-width: 760px)", window.innerWidth <= 760);
  const language = currentLanguage();
  const found = useMemo(() => matching(people, wanted, language), [people, wanted, language]);
  const shown = found.slice(0, most);
  const List = narrow ? PeopleCards : PeopleTable;
  const counts = tally(people);
  const total = counts.active + counts.invited + counts.blocked;

  return (
    <>
      <Filters
        wanted={wanted}
        onChange={(next) => {
          setMost(PAGE);
          setWanted(next);
        }}
      />
      <p className={styles.count} aria-live="polite">
        {found.length === total
          ? summary(total, counts)
          : t("admin.countSome", { count: found.length, total })}
      </p>
      {shown.length > 0 && <List people={shown} acts={acts} />}
      {found.length === 0 && total > 0 && (
        <Empty icon={IconUserSearch} title={t("admin.noneFound")}>
          <Button variant="default" onClick={() => setWanted(EVERYONE)}>
            {t("admin.clearFilters")}
          </Button>
        </Empty>
      )}
      {total === 0 && (
        <Empty icon={IconUsers} title={t("admin.nobody")}>
          {t("admin.nobodyHint")}
        </Empty>
      )}
      {found.length > most && (
        <div className={styles.more}>
          <Button variant="default" onClick={() => setMost(most + PAGE)}>
            {t("admin.showMore", { count: Math.min(PAGE, found.length - most) })}
          </Button>
        </div>
      )}
    </>
  );
}
