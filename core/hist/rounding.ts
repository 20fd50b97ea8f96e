/** Decimals to which a value is written beside its error: those of the error's two leading digits, 0 to 10. */
export function errorDecimals(error: number): number {
  return Math.min(10, Math.max(0, 1 - Math.floor(Math.log10(error))));
}
