/** A cutflow as text to paste: a Markdown table, a LaTeX table, or CSV with all digits. */
import { tableCsv } from '../csv.ts';
import { errorDecimals } from '../hist/rounding.ts';

/** One data set's cutflow: the first row is that of all events. */
export interface Cutflow {
  dataset: string;
  rows: readonly { name: string; events: number; sumw: number; sumw2: number }[];
}

interface Cell {
  events: number;
  sumw: number;
  error: number;
  step: number | undefined;
  total: number;
}

interface Line {
  name: string;
  cells: (Cell | undefined)[];
}

/** What a text says of each data set, in the order of its columns. */
interface Column {
  head: string;
  text(cell: Cell): string;
}

/** Rows by position: the cutflows of one document have the same cuts. */
function linesOf(flows: readonly Cutflow[]): Line[] {
  const [first] = flows;
  return (first?.rows ?? []).map(({ name }, k) => ({
    name,
    cells: flows.map(({ rows }) => {
      const row = rows[k];
      if (!row) return undefined;
      const before = rows[k - 1];
      return {
        events: row.events,
        sumw: row.sumw,
        error: Math.sqrt(row.sumw2),
        step: before && row.events / before.events,
        total: row.events / rows[0].events,
      };
    }),
  }));
}

/**
 * A table for README files, notebooks and issues; numbers as the page shows them.
 * @param weighted whether Σw and its error are told
 */
export function cutflowMarkdown(flows: readonly Cutflow[], weighted: boolean): string {
  const sums = { head: 'Σw ± √Σw²', text: ({ sumw, error }: Cell) => withError(sumw, error, ' ± ') };
  const columns: Column[] = [
    { head: 'Events', text: ({ events }) => count(events, ',') },
    ...(weighted ? [sums] : []),
    { head: 'Step', text: ({ step }) => percent(step, ' %') },
    { head: 'Total', text: ({ total }) => percent(total, ' %') },
  ];
  const heads = flows.flatMap(({ dataset }) =>
    columns.map(({ head }) => (flows.length > 1 ? `${markdownText(dataset)}: ${head}` : head)),
  );
  const row = (cells: string[]) => `| ${cells.join(' | ')} |\n`;
  return (
    row(['Cut', ...heads]) +
    row(['---', ...heads.map(() => '---:')]) +
    linesOf(flows)
      .map(({ name, cells }) => row([markdownText(name), ...texts(cells, columns)]))
      .join('')
  );
}

/** A `tabular` with the rules of the package booktabs; the data sets' names span their columns. */
export function cutflowLatex(flows: readonly Cutflow[], weighted: boolean): string {
  const sums = {
    head: '$\\sum w \\pm \\sqrt{\\sum w^2}$',
    text: ({ sumw, error }: Cell) => `$${withError(sumw, error, ' \\pm ').replaceAll('−', '-')}$`,
  };
  const columns: Column[] = [
    { head: 'Events', text: ({ events }) => count(events, '\\,') },
    ...(weighted ? [sums] : []),
    { head: 'Step', text: ({ step }) => percent(step, '\\,\\%') },
    { head: 'Total', text: ({ total }) => percent(total, '\\,\\%') },
  ];
  const width = columns.length;
  const row = (cells: string[]) => `  ${cells.join(' & ')} \\\\\n`;
  const spans = flows.map(({ dataset }) => `\\multicolumn{${width}}{c}{${latexText(dataset)}}`);
  const rules = flows.map((_, k) => `\\cmidrule(lr){${2 + k * width}-${1 + (k + 1) * width}}`);
  return (
    '% needs \\usepackage{booktabs}\n' +
    `\\begin{tabular}{l${'r'.repeat(width * flows.length)}}\n  \\toprule\n` +
    (flows.length > 1 ? `${row(['', ...spans])}  ${rules.join(' ')}\n` : '') +
    row(['Cut', ...flows.flatMap(() => columns.map(({ head }) => head))]) +
    '  \\midrule\n' +
    linesOf(flows)
      .map(({ name, cells }) => row([latexText(name), ...texts(cells, columns)]))
      .join('') +
    '  \\bottomrule\n\\end{tabular}\n'
  );
}

/** A line for each row of each data set, all digits, fractions rather than percents (RFC 4180). */
export function cutflowCsv(flows: readonly Cutflow[]): string {
  const lines = linesOf(flows);
  const rows = flows.flatMap(({ dataset }, k) =>
    lines.map(({ name, cells }) => {
      const cell = cells[k];
      const numbers = cell ? [cell.events, cell.sumw, cell.error, cell.step ?? '', cell.total] : ['', '', '', '', ''];
      return [dataset, name, ...numbers.map((n) => (Number.isNaN(n) ? '' : n))];
    }),
  );
  return tableCsv(['dataset', 'cut', 'events', 'sumw', 'sumw_error', 'step', 'total'], rows);
}

function texts(cells: (Cell | undefined)[], columns: Column[]): string[] {
  return cells.flatMap((cell) => columns.map(({ text }) => (cell ? text(cell) : '')));
}

function count(n: number, separator: string): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, separator);
}

function percent(fraction: number | undefined, unit: string): string {
  if (fraction === undefined || !Number.isFinite(fraction)) return '';
  const value = 100 * fraction;
  if (value === 0 || value === 100) return `${value}${unit}`;
  return `${value.toFixed(value < 10 || value > 99.9 ? 2 : 1)}${unit}`;
}

function withError(value: number, error: number, between: string): string {
  if (!Number.isFinite(error) || error <= 0) return `${minus(String(value))}${between}${error === 0 ? '0' : '–'}`;
  const places = errorDecimals(error);
  return `${minus(value.toFixed(places))}${between}${error.toFixed(places)}`;
}

function minus(text: string): string {
  return text.replace(/^-/, '−');
}

function markdownText(text: string): string {
  return text.replace(/[\\`*_[\]<>|#~$]/g, '\\$&').replace(/\s+/g, ' ');
}

const LATEX: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  '&': '\\&',
  '%': '\\%',
  $: '\\$',
  '#': '\\#',
  _: '\\_',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
  '"': "''",
  '−': '$-$',
  '±': '$\\pm$',
  '×': '$\\times$',
  '·': '$\\cdot$',
  '√': '$\\surd$',
  '≤': '$\\le$',
  '≥': '$\\ge$',
  '≠': '$\\ne$',
  '≈': '$\\approx$',
  '→': '$\\to$',
  '∞': '$\\infty$',
  '²': '$^2$',
  '³': '$^3$',
  '⁺': '$^+$',
  '⁻': '$^-$',
  '₁': '$_1$',
  '₂': '$_2$',
  '\u00a0': '~',
};
const GREEK: Readonly<Record<string, string>> = Object.fromEntries(
  'α:alpha β:beta γ:gamma δ:delta ε:varepsilon ζ:zeta η:eta θ:theta κ:kappa λ:lambda μ:mu µ:mu ν:nu ξ:xi π:pi ρ:rho σ:sigma τ:tau φ:phi χ:chi ψ:psi ω:omega Γ:Gamma Δ:Delta Θ:Theta Λ:Lambda Ξ:Xi Π:Pi Σ:Sigma Υ:Upsilon Φ:Phi Ψ:Psi Ω:Omega ℓ:ell'
    .split(' ')
    .map((pair) => pair.split(':'))
    .map(([letter, name]) => [letter, `$\\${name}$`]),
);

/** Text that LaTeX typesets as it is, Greek letters and common signs included. */
export function latexText(text: string): string {
  return [...text.replace(/\s+/g, ' ')].map((letter) => LATEX[letter] ?? GREEK[letter] ?? letter).join('');
}
