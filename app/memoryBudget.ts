/** Gigabytes that an address may ask for. */
const [LEAST, MOST] = [0.25, 16];

/**
 * Bytes of `?memory=4`: gigabytes that columns may take, where a machine has more to give than the default takes. Anyone can write a link:
 * no more is given than keeps hostile documents within bounds, no less than a small document needs.
 */
export function memoryBudgetOf(search: string): number | undefined {
  const asked = Number(new URLSearchParams(search).get('memory'));
  return asked > 0 ? Math.min(Math.max(asked, LEAST), MOST) * 1e9 : undefined;
}
