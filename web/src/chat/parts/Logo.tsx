/** The mark: a track that divides in two, as at a railway switch and in a switchboard. */
export function Logo({ size = 32 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" role="img" aria-label="Växel">
      <rect width="32" height="32" rx="9" fill="#0e7560" />
      <path
        d="M8 9.5 16 23 24 9.5"
        fill="none"
        stroke="#fff"
        strokeWidth="3.4"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <circle cx="24" cy="9.5" r="3.1" fill="#f2b36b" />
    </svg>
  );
}
