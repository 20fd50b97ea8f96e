/** The mark: tracks from a collision in a detector's ring. */
export function Logo({ size = 20 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" aria-hidden="true">
      <circle cx="12" cy="12" r="10" stroke="var(--accent)" strokeWidth="2" />
      <path
        d="M12 12 L20 7.5 M12 12 L16 20.6 M12 12 C8 12 5 9 4.5 6"
        stroke="var(--ink)"
        strokeWidth="1.6"
        strokeLinecap="round"
      />
      <circle cx="12" cy="12" r="1.8" fill="var(--accent)" />
    </svg>
  );
}
