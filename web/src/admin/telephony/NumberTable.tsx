import { Button } from "@mantine/core";
import { IconPencil, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { Face } from "../../account/parts/Face";
import { IconAct } from "../../account/parts/IconAct";
import { t } from "../../lib/i18n";
import admin from "../admin.module.css";
import type { Named } from "./plan";
import styles from "./telephony.module.css";
import type { PlanNumber } from "./types";

const PAGE = 100;

interface Props {
  numbers: Named[];
  onEdit(number: PlanNumber): void;
  onRemove(number: PlanNumber): void;
}

/** The numbers, one a row; on a phone one a card. */
export function NumberTable({ numbers, onEdit, onRemove }: Props) {
  const [most, setMost] = useState(PAGE);
  const shown = numbers.slice(0, most);
  return (
    <div className={admin.panel}>
      <table className={`${admin.table} ${styles.cardsWhenNarrow}`}>
        <caption className="visually-hidden">{t("telephony.numbers")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("telephony.number")}</th>
            <th scope="col">{t("telephony.kind")}</th>
            <th scope="col">{t("telephony.whose")}</th>
            <th className={admin.end}>
              <span className="visually-hidden">{t("admin.acts")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((one) => (
            <tr key={one.number}>
              <td className={styles.digits}>{one.display}</td>
              <td>
                <span className={styles.kind} data-kind={one.kind}>
                  {t(`telephony.kind.${one.kind}`)}
                </span>
              </td>
              <td>
                <Owner number={one} />
              </td>
              <td className={admin.end}>
                <IconAct
                  icon={IconPencil}
                  label={t("telephony.numberEdit", { number: one.display })}
                  onClick={() => onEdit(one)}
                />
                <IconAct
                  danger
                  icon={IconTrash}
                  label={t("telephony.numberRemove", { number: one.display })}
                  onClick={() => onRemove(one)}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {numbers.length > most && (
        <div className={admin.more}>
          <Button variant="default" onClick={() => setMost(most + PAGE)}>
            {t("admin.showMore", { count: Math.min(PAGE, numbers.length - most) })}
          </Button>
        </div>
      )}
    </div>
  );
}

function Owner({ number }: { number: Named }) {
  if (number.person) {
    return (
      <span className={styles.owner}>
        <Face person={number.person} size={28} />
        {number.person.name}
      </span>
    );
  }
  return (
    <span className={admin.soft}>
      {t(number.kind === "main" ? "telephony.switchboard" : "telephony.nobodys")}
    </span>
  );
}
