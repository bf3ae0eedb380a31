import { UnstyledButton } from "@mantine/core";
import { t } from "../../lib/i18n";
import type { DemoPerson } from "../../lib/types";
import { Face } from "../parts/Face";
import styles from "./auth.module.css";

interface Props {
  people: DemoPerson[];
  chosen: string;
  onChoose: (person: DemoPerson) => void;
}

/** The demo's people, one click each. Only shown when the server says that it is a demo. */
export function DemoCards({ people, chosen, onChoose }: Props) {
  if (people.length === 0) return null;
  return (
    <section className={styles.demo} aria-labelledby="demo-title">
      <h2 className={styles.demoTitle} id="demo-title">
        {t("account.demoTitle")}
      </h2>
      {companies(people).map(([org, members]) => (
        <div key={org}>
          <p className={styles.org}>{org}</p>
          <ul className={styles.cards}>
            {members.map((person) => (
              <li key={person.email}>
                <UnstyledButton
                  className={styles.card}
                  aria-pressed={chosen === person.email}
                  onClick={() => onChoose(person)}
                >
                  <Face person={person} />
                  <span>
                    <span className={styles.cardName}>{person.name}</span>
                    <span className={styles.cardRole}>{about(person)}</span>
                  </span>
                </UnstyledButton>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </section>
  );
}

function companies(people: DemoPerson[]): [string, DemoPerson[]][] {
  const names = [...new Set(people.map(({ org }) => org))];
  return names.map((name) => [name, people.filter(({ org }) => org === name)]);
}

function about(person: DemoPerson): string {
  const plan = t(`account.plan.${person.plan}`);
  return person.role === "member" ? plan : `${t(`account.role.${person.role}`)} · ${plan}`;
}
