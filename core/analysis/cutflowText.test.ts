import { describe, expect, test } from 'vitest';
import { type Cutflow, cutflowCsv, cutflowLatex, cutflowMarkdown, latexText } from './cutflowText.ts';

const DATA: Cutflow = {
  dataset: 'data',
  rows: [
    { name: 'all events', events: 1234567, sumw: 1234567, sumw2: 1234567 },
    { name: 'p_T | η', events: 12345, sumw: -98.7654, sumw2: 0.0529 },
    { name: 'none', events: 0, sumw: 0, sumw2: 0 },
    { name: 'after none', events: 0, sumw: 0, sumw2: 0 },
  ],
};
const MC: Cutflow = {
  ...DATA,
  dataset: 'tt, "semi"',
  rows: DATA.rows.map((row) => ({ ...row, events: row.events / 1 })),
};

describe('a cutflow as Markdown', () => {
  test('has a line a cut, with what Markdown reads escaped', () => {
    expect(cutflowMarkdown([DATA], false)).toBe(
      [
        '| Cut | Events | Step | Total |',
        '| --- | ---: | ---: | ---: |',
        '| all events | 1,234,567 |  | 100 % |',
        '| p\\_T \\| η | 12,345 | 1.00 % | 1.00 % |',
        '| none | 0 | 0 % | 0 % |',
        '| after none | 0 |  | 0 % |',
        '',
      ].join('\n'),
    );
  });

  test('rounds sums to two digits of their errors', () => {
    expect(cutflowMarkdown([DATA], true).split('\n')[3]).toBe(
      '| p\\_T \\| η | 12,345 | −98.77 ± 0.23 | 1.00 % | 1.00 % |',
    );
  });

  test('names the data set in each head where there are several', () => {
    const [head, rule, all] = cutflowMarkdown([DATA, MC], false).split('\n');
    expect(head).toBe(
      '| Cut | data: Events | data: Step | data: Total | tt, "semi": Events | tt, "semi": Step | tt, "semi": Total |',
    );
    expect(rule.split('|').length).toBe(head.split('|').length);
    expect(all.split('|').length).toBe(head.split('|').length);
  });
});

describe('a cutflow as LaTeX', () => {
  test('is a table of booktabs', () => {
    expect(cutflowLatex([DATA], true)).toBe(String.raw`% needs \usepackage{booktabs}
\begin{tabular}{lrrrr}
  \toprule
  Cut & Events & $\sum w \pm \sqrt{\sum w^2}$ & Step & Total \\
  \midrule
  all events & 1\,234\,567 & $1234567 \pm 1111$ &  & 100\,\% \\
  p\_T \textbar{} $\eta$ & 12\,345 & $-98.77 \pm 0.23$ & 1.00\,\% & 1.00\,\% \\
  none & 0 & $0 \pm 0$ & 0\,\% & 0\,\% \\
  after none & 0 & $0 \pm 0$ &  & 0\,\% \\
  \bottomrule
\end{tabular}
`);
  });

  test('has the data sets above their columns', () => {
    const lines = cutflowLatex([DATA, MC], false).split('\n');
    expect(lines[1]).toBe('\\begin{tabular}{lrrrrrr}');
    expect(lines[3]).toBe("   & \\multicolumn{3}{c}{data} & \\multicolumn{3}{c}{tt, ''semi''} \\\\");
    expect(lines[4]).toBe('  \\cmidrule(lr){2-4} \\cmidrule(lr){5-7}');
    for (const line of lines.slice(5).filter((text) => text.includes('&'))) expect(line.split('&').length).toBe(7);
  });

  test('escapes all that LaTeX reads', () => {
    expect(latexText('50% & $x_1^2$ #{a}~\\b <µµ> ≥ 2')).toBe(
      '50\\% \\& \\$x\\_1\\textasciicircum{}2\\$ \\#\\{a\\}\\textasciitilde{}\\textbackslash{}b \\textless{}$\\mu$$\\mu$\\textgreater{} $\\ge$ 2',
    );
  });
});

describe('a cutflow as CSV', () => {
  test('has all digits, and quotes where they are needed', () => {
    const lines = cutflowCsv([DATA, MC]).split('\r\n');
    expect(lines[0]).toBe('dataset,cut,events,sumw,sumw_error,step,total');
    expect(lines[1]).toBe('data,all events,1234567,1234567,1111.1107055554814,,1');
    expect(lines[2]).toBe('data,p_T | η,12345,-98.7654,0.23,0.00999945729960383,0.00999945729960383');
    expect(lines[4]).toBe('data,after none,0,0,0,,0');
    expect(lines[5]).toMatch(/^"tt, ""semi""",all events,/);
    expect(lines).toHaveLength(10);
  });
});
