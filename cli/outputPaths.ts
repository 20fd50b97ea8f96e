/** A file for each data set: `out.parquet` of `Z → μμ` is `out-Z_μμ.parquet`; that of a single one is `out.parquet` itself. */
export function outputPaths(output: string, datasets: readonly string[]): string[] {
  if (datasets.length === 1) return [output];
  const [, stem, extension = ''] = /^(.*?)(\.parquet)?$/is.exec(output)!;
  const taken = new Set<string>();
  return datasets.map((dataset) => {
    const name = dataset.replace(/[^\p{L}\p{M}\p{N}.+_-]+/gu, '_');
    // Names that look alike to a file system must not overwrite one another.
    let unique = name;
    for (let k = 2; taken.has(unique.toLowerCase()); k++) unique = `${name}-${k}`;
    taken.add(unique.toLowerCase());
    return `${stem}-${unique}${extension}`;
  });
}
