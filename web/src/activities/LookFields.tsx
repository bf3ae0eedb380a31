import { useId } from "react";
import { t } from "../lib/i18n";
import styles from "./editor.module.css";
import { COLOURS, ICONS, iconOf } from "./looks";

interface Props {
  colour: string;
  icon: string;
  onChange(look: { colour?: string; icon?: string }): void;
}

/** The colour and the sign: native radio buttons, so that the arrow keys move as they should. */
export function LookFields({ colour, icon, onChange }: Props) {
  const name = useId();
  return (
    <>
      <fieldset className={styles.choices}>
        <legend>{t("activities.editor.colour")}</legend>
        {COLOURS.map((each) => (
          <label key={each} className={styles.swatch} data-tone={each}>
            <input
              type="radio"
              className="visually-hidden"
              name={`${name}-colour`}
              checked={each === colour}
              onChange={() => onChange({ colour: each })}
            />
            <span aria-hidden />
            <span className="visually-hidden">{t(`activities.colour.${each}`)}</span>
          </label>
        ))}
      </fieldset>
      <fieldset className={styles.choices}>
        <legend>{t("activities.editor.icon")}</legend>
        {Object.keys(ICONS).map((each) => {
          const Icon = iconOf(each);
          return (
            <label key={each} className={styles.icon} data-tone={colour}>
              <input
                type="radio"
                className="visually-hidden"
                name={`${name}-icon`}
                checked={each === icon}
                onChange={() => onChange({ icon: each })}
              />
              <span aria-hidden>
                <Icon size={20} stroke={1.7} />
              </span>
              <span className="visually-hidden">{t(`activities.icon.${each}`)}</span>
            </label>
          );
        })}
      </fieldset>
    </>
  );
}
