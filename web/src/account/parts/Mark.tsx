/** The product's mark: two cords that meet in one jack. */
export function Mark({ size = 32 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 40 40" aria-hidden="true" focusable="false">
      <rect width="40" height="40" rx="11" fill="#0e7560" />
      <path
        d="M10 10c1 9 4 16 10 18 6-2 9-9 10-18"
        fill="none"
        stroke="#fff"
        strokeWidth="4.2"
        strokeLinecap="round"
      />
      <circle cx="20" cy="28.4" r="4.6" fill="#f0a58f" />
    </svg>
  );
}
