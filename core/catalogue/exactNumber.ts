/** An integer for JSON: a string where a double can't hold it. */
export function exactNumber(value: bigint): number | string {
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
}
