import styles from "./activities.module.css";
import { iconOf, toneOf } from "./looks";

interface Props {
  icon: string;
  colour: string;
  size?: number;
  /** Filled with the colour, for what is chosen. */
  solid?: boolean;
}

/** An activity's sign in its colour. Decorative: its name always stands beside it. */
export function Sign({ icon, colour, size = 32, solid = false }: Props) {
  const Icon = iconOf(icon);
  return (
    <span
      className={styles.sign}
      data-tone={toneOf(colour)}
      data-solid={solid || undefined}
      style={{ width: size, height: size }}
      aria-hidden
    >
      <Icon size={Math.round(size * 0.56)} stroke={1.8} />
    </span>
  );
}
