import styles from "./switchboard.module.css";

const COLUMNS = 9;
const ROWS = 9;
const STEP = 68;
const EDGE = 46;

// From jack to jack (column, row), how far the cord hangs, and its colour.
const CORDS = [
  { from: [1, 1], to: [5, 2], hang: 120, colour: "#53b296" },
  { from: [4, 4], to: [7, 1], hang: 130, colour: "#e98a74" },
  { from: [2, 3], to: [0, 5], hang: 70, colour: "#e0b05c" },
  { from: [6, 5], to: [8, 3], hang: 90, colour: "#f1ece0" },
] as const;

const LIT = new Set(["2-2", "5-5", "7-6", "1-7", "8-0", "4-3"]);

function place(column: number, row: number): [number, number] {
  return [EDGE + column * STEP, EDGE + row * STEP];
}

function cord(from: readonly [number, number], to: readonly [number, number], hang: number) {
  const [x1, y1] = place(...from);
  const [x2, y2] = place(...to);
  const low = Math.max(y1, y2) + hang;
  return `M${x1} ${y1}C${x1 + 10} ${low} ${x2 - 10} ${low} ${x2} ${y2}`;
}

const JACKS = Array.from({ length: COLUMNS * ROWS }, (_, index) => {
  const column = index % COLUMNS;
  const row = Math.floor(index / COLUMNS);
  const [x, y] = place(column, row);
  return { key: `${column}-${row}`, x, y, number: String(row * COLUMNS + column + 10) };
});

/** The old exchange, drawn: jacks with numbers, and cords that connect people. Only decoration. */
export function Switchboard() {
  const size = EDGE * 2 + STEP * (COLUMNS - 1);
  return (
    <svg
      className={styles.board}
      viewBox={`0 0 ${size} ${size}`}
      preserveAspectRatio="xMidYMid slice"
      aria-hidden="true"
      focusable="false"
    >
      {JACKS.map(({ key, x, y, number }) => (
        <g key={key}>
          <circle cx={x} cy={y} r="11" className={styles.ring} />
          <circle cx={x} cy={y} r="4" className={LIT.has(key) ? styles.lit : styles.hole} />
          <text x={x} y={y + 25} className={styles.number}>
            {number}
          </text>
        </g>
      ))}
      {CORDS.map(({ from, to, hang, colour }) => {
        const path = cord(from, to, hang);
        return (
          <g key={path} stroke={colour} fill={colour}>
            <path d={path} className={styles.shadow} />
            <path d={path} className={styles.cord} pathLength={1} />
            {[from, to].map(([column, row]) => {
              const [x, y] = place(column, row);
              return (
                <g key={`${column}-${row}`}>
                  <circle cx={x} cy={y} r="14" stroke="none" />
                  <circle cx={x} cy={y} r="5" className={styles.plug} />
                </g>
              );
            })}
          </g>
        );
      })}
    </svg>
  );
}
