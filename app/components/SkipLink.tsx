/** The first thing that Tab reaches: moves the focus past the head of the page. */
export function SkipLink({ to, children }: { to: string; children: string }) {
  return (
    // A button, because the hash of the address holds the analysis.
    <button type="button" className="skip-link" onClick={() => document.getElementById(to)?.focus()}>
      {children}
    </button>
  );
}
