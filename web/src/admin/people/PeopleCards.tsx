import { UnstyledButton } from "@mantine/core";
import { Face } from "../../account/parts/Face";
import { t } from "../../lib/i18n";
import styles from "../admin.module.css";
import { PlanBadge, StatusDot } from "../parts";
import type { AdminPerson } from "../types";
import { statusOf } from "./filter";
import { LastSeen } from "./PeopleTable";
import { type Acts, PersonMenu } from "./PersonMenu";

/** The narrow view: one card a person. */
export function PeopleCards({ people, acts }: { people: AdminPerson[]; acts: Acts }) {
  return (
    <ul className={styles.cards}>
      {people.map((person) => (
        <li key={person.id} className={styles.card}>
          <div className={styles.cardTop}>
            <UnstyledButton
              className={styles.who}
              aria-label={t("admin.editPerson", { name: person.name })}
              onClick={() => acts.edit(person)}
            >
              <Face person={person} size={40} />
              <span className={styles.whoText}>
                <span className={styles.whoName}>{person.name}</span>
                <span className={styles.soft}>{person.email}</span>
              </span>
            </UnstyledButton>
            <PersonMenu person={person} acts={acts} />
          </div>
          <div className={styles.cardFacts}>
            <PlanBadge plan={person.plan} />
            <span>{t(`account.role.${person.role}`)}</span>
            <StatusDot status={statusOf(person)} />
            <LastSeen person={person} long />
          </div>
        </li>
      ))}
    </ul>
  );
}
