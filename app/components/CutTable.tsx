/** The cuts in their order, each with a switch, and the cutflow of each data set beside them. */
import { Button } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { formatCount } from '../numbers.ts';
import { useActions, useExplorer } from '../store/context.tsx';
import { AddCut } from './AddCut.tsx';
import { CutflowMenu } from './CutflowMenu.tsx';
import { CutRow } from './CutRow.tsx';
import styles from './CutTable.module.css';
import { cutRows, type Flow } from './cutRows.ts';
import { Panel } from './Panel.tsx';
import { useSettled } from './useSettled.ts';

const SortableCuts = lazy(() => import('./SortableCuts.tsx'));
const BrushRows = lazy(() => import('../brush/BrushRows.tsx'));

/** Cuts and cutflow. */
export function CutTable() {
  const cuts = useExplorer((s) => s.document?.select) ?? [];
  const certified = useExplorer((s) => s.document?.lumis !== undefined);
  const flows = useExplorer((s) => s.result?.cutflow) ?? [];
  const weighted = useExplorer((s) => s.document?.weight !== undefined);
  const stale = useExplorer((s) => s.resultVersion !== s.version && s.result !== undefined);
  const bad = useExplorer((s) => s.problems).filter((p) => p.keys[0] === 'select' || p.keys[0] === 'lumis');
  const chosen = useExplorer((s) => s.pane.cutflow) ?? 0;
  const settled = useSettled();
  const brushed = useExplorer((s) => s.brushes.length > 0);
  const { setPane } = useActions();
  const all = chosen === 'all' && flows.length > 1;
  const shown = all ? flows : flows.slice(typeof chosen === 'number' && chosen < flows.length ? chosen : 0).slice(0, 1);
  const rows = cutRows(cuts, certified, shown);
  const first = rows.length - cuts.length;
  const properties = rows.map((row, k) => ({
    name: row.name,
    row,
    at: k - first,
    last: k === rows.length - 1,
    weighted,
    wrong: bad.find((p) => (row.cut ? p.keys[1] === row.name : row.certified && p.keys[0] === 'lumis'))?.message,
  }));
  const plain = (list: typeof properties) =>
    list.map(({ name, ...row }) => <CutRow key={`${row.at} ${name}`} {...row} />);
  return (
    <Panel
      title="Cuts and cutflow"
      tools={
        <div className={styles.tools}>
          {flows.length > 1 && <DatasetChoice flows={flows} chosen={all ? 'all' : Number(chosen) || 0} />}
          {cuts.length > 0 && (
            <Button
              variant="default"
              size="compact-xs"
              title="A plot for each condition, with all the others applied"
              onClick={() => setPane({ show: 'n-1' })}
            >
              N−1
            </Button>
          )}
          <CutflowMenu flows={shown} />
        </div>
      }
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <div className={styles.scroll} tabIndex={0} role="region" aria-label="Cutflow table">
        <table className={`${styles.table} ${stale ? styles.stale : ''} ${all ? styles.full : ''}`}>
          <TableHead flows={all ? shown : undefined} weighted={weighted} />
          <tbody>
            {plain(properties.slice(0, first))}
            {cuts.length > 0 && !settled && plain(properties.slice(first))}
            {cuts.length > 0 && settled && (
              <Suspense fallback={plain(properties.slice(first))}>
                <SortableCuts rows={properties.slice(first)} />
              </Suspense>
            )}
            {brushed && (
              <Suspense>
                <BrushRows flows={shown} weighted={weighted} />
              </Suspense>
            )}
          </tbody>
        </table>
      </div>
      {shown
        .filter(({ missingWeight }) => missingWeight > 0)
        .map(({ dataset, missingWeight }) => (
          <p key={dataset} className={styles.note}>
            {formatCount(missingWeight)} events{all ? ` of ${dataset}` : ''} passed but have no weight: they are in no
            histogram.
          </p>
        ))}
      <Skipped />
      {weighted && cuts.length === 0 && !certified && (
        <p className={styles.note}>Every event counts: there are no cuts yet.</p>
      )}
      <AddCut taken={cuts.map((c) => c.name)} />
    </Panel>
  );
}

/** What the files' statistics spare. */
function Skipped() {
  const skipped = useExplorer((s) => s.plan?.skippedChunks) ?? 0;
  const chunks = useExplorer((s) => s.plan?.chunks) ?? 0;
  if (skipped === 0) return null;
  return (
    <p className={styles.note}>
      {formatCount(skipped)} of {formatCount(chunks)} row groups skipped: by their statistics, no event in them passes.
    </p>
  );
}

/** Which data set's cutflow is shown, or all side by side. */
function DatasetChoice({ flows, chosen }: { flows: readonly Flow[]; chosen: number | 'all' }) {
  const { setPane } = useActions();
  return (
    <select
      className={styles.datasets}
      aria-label="Data set of the cutflow"
      value={chosen}
      onChange={({ target: { value } }) => setPane({ cutflow: value === 'all' ? 'all' : Number(value) })}
    >
      {flows.map((flow, k) => (
        <option key={flow.dataset} value={k}>
          {flow.dataset}
        </option>
      ))}
      <option value="all">All data sets</option>
    </select>
  );
}

/** @param flows data sets with a group of columns each; absent for one alone */
function TableHead({ flows, weighted }: { flows?: readonly Flow[]; weighted: boolean }) {
  const groups = flows ?? [undefined];
  return (
    <thead>
      {flows && (
        <tr>
          <td />
          {flows.map(({ dataset }) => (
            <th key={dataset} scope="colgroup" colSpan={weighted ? 4 : 3} className={styles.group} title={dataset}>
              {dataset}
            </th>
          ))}
          <td />
        </tr>
      )}
      <tr>
        <th scope="col">Cut</th>
        {groups.map((flow, k) => (
          <HeadCells key={flow?.dataset ?? k} weighted={weighted} />
        ))}
        <th>
          <span className="visually-hidden">Actions</span>
        </th>
      </tr>
    </thead>
  );
}

function HeadCells({ weighted }: { weighted: boolean }) {
  return (
    <>
      <th scope="col" className={styles.first}>
        Events
      </th>
      {weighted && (
        <th scope="col" title="Sum of the weights, and its statistical error">
          Σw ± √Σw²
        </th>
      )}
      <th scope="col" title="Share of the events of the row before that pass">
        Step
      </th>
      <th scope="col" title="Share of all events that pass">
        Total
      </th>
    </>
  );
}
