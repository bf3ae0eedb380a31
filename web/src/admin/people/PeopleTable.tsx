import { UnstyledButton } from "@mantine/core";
import { Face } from "../../account/parts/Face";
import { ago, moment } from "../../account/parts/when";
import { t } from "../../lib/i18n";
import styles from "../admin.module.css";
import { PlanBadge, StatusDot } from "../parts";
import type { AdminPerson } from "../types";
import { statusOf } from "./filter";
import { type Acts, PersonMenu } from "./PersonMenu";

interface Props {
  people: AdminPerson[];
  acts: Acts;
}

/** The wide view. A click anywhere on a row opens it; the name is the button for keyboards. */
export function PeopleTable({ people, acts }: Props) {
  return (
    <div className={styles.panel}>
      <div className={styles.scroll}>
        <table className={styles.table}>
          <caption className="visually-hidden">{t("admin.people")}</caption>
          <thead>
            <tr>
              <th scope="col">{t("account.name")}</th>
              <th scope="col">{t("account.title")}</th>
              <th scope="col">{t("admin.field.plan")}</th>
              <th scope="col">{t("admin.field.role")}</th>
              <th scope="col">{t("admin.status")}</th>
              <th scope="col">{t("admin.lastSeen")}</th>
              <th className={styles.end}>
                <span className="visually-hidden">{t("admin.acts")}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {people.map((person) => (
              <Row key={person.id} person={person} acts={acts} />
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function Row({ person, acts }: { person: AdminPerson; acts: Acts }) {
  return (
    <tr className={styles.clickable} onClick={() => acts.edit(person)}>
      <td>
        <UnstyledButton
          className={styles.who}
          aria-label={t("admin.editPerson", { name: person.name })}
          onClick={(event) => {
            event.stopPropagation();
            acts.edit(person);
          }}
        >
          <Face person={person} />
          <span className={styles.whoText}>
            <span className={styles.whoName}>{person.name}</span>
            <span className={styles.soft}>{person.email}</span>
          </span>
        </UnstyledButton>
      </td>
      <td>
        {person.title || person.department || <span className={styles.soft}>–</span>}
        {person.title && person.department && (
          <span className={styles.soft}>{person.department}</span>
        )}
      </td>
      <td>
        <PlanBadge plan={person.plan} />
      </td>
      <td className={styles.nowrap}>{t(`account.role.${person.role}`)}</td>
      <td>
        <StatusDot status={statusOf(person)} />
      </td>
      <td className={styles.nowrap}>
        <LastSeen person={person} />
      </td>
      <td className={styles.end}>
        <PersonMenu person={person} acts={acts} />
      </td>
    </tr>
  );
}

/** When the person was last here; "never" in plain words. */
export function LastSeen({ person, long = false }: { person: AdminPerson; long?: boolean }) {
  if (!person.last_seen_at) return <span className={styles.soft}>{t("admin.neverSeen")}</span>;
  const when = ago(person.last_seen_at);
  return <span title={moment(person.last_seen_at)}>{long ? t("admin.seen", { when }) : when}</span>;
}
