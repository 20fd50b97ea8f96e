/** Results of fits as people read and paste them. */
import type { FitParameter, FitResult, NoFit } from '../../core/fit/fit.ts';
import { formatNumber, formatWithError } from '../numbers.ts';
import { fitName } from './fits.ts';

/** `3.0969 ± 0.0004 GeV`. */
export function parameterText({ name, value, error }: FitParameter, unit: string | undefined): string {
  const number = Number.isFinite(error)
    ? formatWithError(value, error).join(' ± ')
    : `${formatNumber(value, 4)} (no error)`;
  return [number, unitOf(name, unit)].filter(Boolean).join(' ');
}

/** `71.1 / 83`. */
export function chiSquareText({ chi2, ndf }: FitResult): string {
  return `${formatNumber(chi2, 4)} / ${ndf}`;
}

/** A fit as lines of text, with the correlations of its parameters. */
export function fitText(title: string, result: FitResult | NoFit, unit: string | undefined): string {
  const head = `${title}: ${fitName(result.spec)}`;
  if (!result.parameters) return `${head}\n${result.failure}`;
  const { parameters, covariance, range, failure } = result;
  const lines = parameters.map((p) => `${p.name} = ${parameterText(p, unit)}`);
  const correlations = parameters.flatMap((a, i) =>
    parameters.slice(0, i).map((b, j) => {
      const r = covariance[i]![j]! / Math.sqrt(covariance[i]![i]! * covariance[j]![j]!);
      return `ρ(${b.name}, ${a.name}) = ${formatNumber(r, 3)}`;
    }),
  );
  return [
    head,
    `range ${formatNumber(range[0], 6)} to ${formatNumber(range[1], 6)}${unit ? ` ${unit}` : ''}`,
    ...lines,
    `χ²/ndf = ${chiSquareText(result)}, p = ${formatNumber(result.pValue, 3)}`,
    ...(failure ? [failure] : []),
    ...correlations,
  ].join('\n');
}

const SYMBOLS: Record<string, string> = { μ: '\\mu', σ: '\\sigma', α: '\\alpha' };

/** A fit as the rows of a LaTeX table. */
export function fitLatex(result: FitResult | NoFit, unit: string | undefined): string {
  if (!result.parameters) return `% ${result.failure}`;
  const rows = result.parameters.map(({ name, value, error }) => {
    const symbol = SYMBOLS[name] ?? name.replace(/^b(\d)$/, 'b_{$1}');
    const [v, e] = formatWithError(value, error).map((text) => text.replaceAll(',', '\\,').replace('−', '-'));
    const suffix = unitOf(name, unit);
    return `$${symbol}$ & $${v} \\pm ${e}$${suffix ? ` ${suffix.replace('1/', 'per ')}` : ''} \\\\`;
  });
  const { chi2, ndf } = result;
  return [...rows, `$\\chi^2/\\mathrm{ndf}$ & $${formatNumber(chi2, 4)} / ${ndf}$ \\\\`].join('\n');
}

function unitOf(name: string, unit: string | undefined): string {
  if (name === 'N') return 'events';
  if (name === 'μ' || name === 'σ') return unit ?? '';
  return name.startsWith('b') && unit ? `1/${unit}` : '';
}
