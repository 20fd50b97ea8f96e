/** Names of streams, as short as they can be among themselves. */

/**
 * Of names of datasets or containers, the parts that are not the same in all of them: `DAOD_EGAM7` for the derivations of one dataset. Other names, and
 * those of a single stream, stay as they are.
 */
export function shortStreamNames(names: readonly string[]): string[] {
  const split = names.map((name) => name.split('.'));
  const isDataset = split.map((parts) => parts.length === 6);
  const datasets = split.filter((_, i) => isDataset[i]);
  if (datasets.length < 2) return [...names];
  const differs = [0, 1, 2, 3, 4, 5].filter((k) => datasets.some((parts) => parts[k] !== datasets[0]![k]));
  const short = split.map((parts, i) => (isDataset[i] ? differs.map((k) => parts[k]).join('.') : names[i]!));
  return new Set(short).size === new Set(names).size && !short.includes('') ? short : [...names];
}
