import { Button } from '@mantine/core';
import { useRef } from 'react';
import { FUNCTIONS, type FunctionInfo } from '../../core/expr/functions.ts';
import reference from '../../docs/language.md?url';
import { useContextual } from '../store/context.tsx';
import { startTour } from '../tour/startTour.ts';
import { Dialog } from './Dialog.tsx';
import styles from './HelpPanel.module.css';

/** How the page works, its keys, and the language on one sheet. Goes away with Esc, and gives the focus back. */
export default function HelpPanel({ onClose }: { onClose: () => void }) {
  const explorer = useContextual();
  const dialog = useRef<HTMLDialogElement>(null);
  return (
    <Dialog dialog={dialog} className={styles.dialog} aria-labelledby="help" onClose={onClose}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <div className={styles.content} tabIndex={0} role="region" aria-labelledby="help">
        <div className={styles.head}>
          <h2 id="help">Help</h2>
          <a href={reference} target="_blank" rel="noreferrer">
            The whole language
          </a>
          <Button
            variant="default"
            onClick={() => {
              dialog.current?.close();
              void startTour(explorer);
            }}
          >
            Take the tour
          </Button>
          <Button variant="default" onClick={() => dialog.current?.close()}>
            Close
          </Button>
        </div>
        <section>
          <h3>How it works</h3>
          <ul>
            {STEPS.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ul>
        </section>
        <Terms title="Keys and pointer" terms={KEYS} />
        <Terms title="Expressions: Python, for one event after the other" terms={FORMS} code />
        <Terms title="Labels of axes" terms={LABELS} code />
        {GROUPS.map(([group, title]) => (
          <Terms
            key={group}
            title={title}
            terms={FUNCTIONS.filter((f) => f.group === group).map((f) => [f.signature, f.summary])}
            code
          />
        ))}
      </div>
    </Dialog>
  );
}

function Terms({ title, terms, code }: { title: string; terms: [term: string, meaning: string][]; code?: boolean }) {
  return (
    <section>
      <h3>{title}</h3>
      <dl className={styles.terms}>
        {terms.map(([term, meaning]) => (
          <div key={term}>
            <dt className={code ? 'mono' : undefined}>{term}</dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

const STEPS = [
  'Click a column to plot it; the analysis text gets a histogram, which you can change there.',
  'Cuts keep the events for which an expression is true; the cutflow counts what is left after each. A box switches a cut off.',
  'Every change of the text runs by itself. Only the columns that it needs are read, each once.',
  'The link holds the whole analysis, without its data: what it opens computes the same numbers again.',
  'Everything is computed on this machine. Other hosts are asked for data only after you agree.',
];

const KEYS: [string, string][] = [
  ['Ctrl+Enter', 'run now'],
  ['Esc', 'cancel a run'],
  ['Ctrl+Z, Ctrl+Shift+Z', 'undo and redo, whatever changed the analysis'],
  ['Tab to a plot, then ← →', 'read its bins; Home and End go to the ends'],
  ['Drag in a plot', 'zoom, or the range of a fit; a double click shows everything again'],
  ['b', 'a drag in a plot brushes instead: the other plots show the events in the part that is marked'],
  [
    'Tab to a plot, then Enter',
    'a brush in its middle; ← → move it or its ends, with Shift by ten, Delete removes it; on a map, Brush in its menu makes one',
  ],
  ['Ctrl+Space', 'complete in the editor, and in the expressions of the form'],
  ['F2', 'rename what stands at the cursor, wherever it is used'],
  ['Alt+↑ ↓', 'move the number at the cursor, in a cut or a definition'],
  ['Shift+Alt+F', 'tidy the text'],
];

const FORMS: [string, string][] = [
  ['Muon.pt > 20', 'of each muon; + - * / // % ** and comparisons work item by item'],
  [
    'Muon[(Muon.pt > 20) & (Muon.charge == 1)]',
    'the muons for which it is true; mind the parentheses around comparisons',
  ],
  ['Muon[0]  Muon[:2]', 'the first; the first two. Where there is none the value is missing, and is not filled'],
  ['[j for j in Jet if j.pt > 30]', 'with conditions between collections; quotes around it in the document'],
  ['a.pt if len(a) > 0 else 0', 'one value or the other'],
  [
    '(a + b).mass',
    'four-vectors add: .pt .eta .phi .mass .px .py .pz .E .rapidity .deltaR(x) .deltaphi(x) .deltaeta(x)',
  ],
];

const LABELS: [string, string][] = [
  ['label: "pT(μ)", unit: GeV', 'set as in a paper; pT, ET, mT and HT get their subscript'],
  ['label: "N_{jets}"', 'any other subscript'],
];

const GROUPS: [FunctionInfo['group'], string][] = [
  ['reduction', 'From items to one value'],
  ['collection', 'Collections'],
  ['missing', 'Missing values'],
  ['maths', 'Maths'],
];
