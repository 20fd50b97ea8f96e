/** How the benchmarks count and print: medians, ratios, and tables that a README can take as they are. */
import { cpus } from 'node:os';

/** The middle of an odd or even number of values. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The value that a share of the values does not pass. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
}

/** Seconds that each of `repeats` calls took, after `warmup` more. */
export function timed(repeats: number, warmup: number, call: () => void): number[] {
  for (let i = 0; i < warmup; i++) call();
  return Array.from({ length: repeats }, () => {
    const begin = performance.now();
    call();
    return (performance.now() - begin) / 1000;
  });
}

/** Three significant digits; large numbers in full. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return 'n/a';
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(3)));
}

/** `2.31×`: how many times as long the other took. */
export const ratio = (other: number | undefined, ours: number): string =>
  other === undefined ? 'absent' : `${(other / ours).toFixed(2)}×`;

/** A Markdown table under a heading, with what it ran on. */
export function print(title: string, head: string[], rows: string[][], notes: string[] = []): void {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  const lines = [
    `### ${title}`,
    '',
    line(head),
    line(head.map((_, column) => (column === 0 ? '---' : '---:'))),
    ...rows.map(line),
    '',
    ...notes.map((note) => `- ${note}`),
    `- on ${cpus()[0]?.model.trim() ?? 'an unknown processor'}, Node ${process.versions.node}`,
    '',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
