/** The cuts in their order, each with a switch, and the cutflow beside them. */
import { ActionIcon, Menu } from '@mantine/core';
import { IconDotsVertical } from '@tabler/icons-react';
import { useState } from 'react';
import type { Cut } from '../../core/analysis/document.ts';
import type { RunResult } from '../../workers/session.ts';
import { formatCount, formatPercent, formatWithError } from '../numbers.ts';
import { sentence } from '../sentence.ts';
import { useActions, useExplorer } from '../store/context.tsx';
import { AddCut } from './AddCut.tsx';
import styles from './CutTable.module.css';
import { Panel } from './Panel.tsx';

/** A row of the table: `all events` has no cut. */
interface Row {
  cut?: Cut;
  events?: number;
  sumw?: number;
  sumw2?: number;
  step?: number;
  total?: number;
}

/** Cuts and cutflow. */
export function CutTable() {
  const cuts = useExplorer((s) => s.document?.select) ?? [];
  const flows = useExplorer((s) => s.result?.cutflow) ?? [];
  const weighted = useExplorer((s) => s.document?.weight !== undefined);
  const stale = useExplorer((s) => s.resultVersion !== s.version && s.result !== undefined);
  const bad = useExplorer((s) => s.problems).filter((p) => p.keys[0] === 'select');
  const [shown, setShown] = useState(0);
  const flow = flows[Math.min(shown, flows.length - 1)];
  const rows = tableRows(cuts, flow);
  return (
    <Panel
      title="Cuts and cutflow"
      tools={
        flows.length > 1 && (
          <select
            className={styles.datasets}
            aria-label="Data set of the cutflow"
            value={Math.min(shown, flows.length - 1)}
            onChange={(e) => setShown(Number(e.target.value))}
          >
            {flows.map((f, i) => (
              <option key={f.dataset} value={i}>
                {f.dataset}
              </option>
            ))}
          </select>
        )
      }
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <div className={styles.scroll} tabIndex={0} role="region" aria-label="Cutflow table">
        <table className={`${styles.table} ${stale ? styles.stale : ''}`}>
          <thead>
            <tr>
              <th scope="col">Cut</th>
              <th scope="col">Events</th>
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
              <th>
                <span className="visually-hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row, i) => (
              <CutRow
                key={row.cut?.name ?? '\0all'}
                row={row}
                at={i - 1}
                last={i === rows.length - 1}
                weighted={weighted}
                wrong={bad.find((p) => p.keys[1] === row.cut?.name)?.message}
              />
            ))}
          </tbody>
        </table>
      </div>
      {flow !== undefined && flow.missingWeight > 0 && (
        <p className={styles.note}>
          {formatCount(flow.missingWeight)} events passed but have no weight: they are in no histogram.
        </p>
      )}
      {weighted && cuts.length === 0 && <p className={styles.note}>Every event counts: there are no cuts yet.</p>}
      <AddCut taken={cuts.map((c) => c.name)} />
    </Panel>
  );
}

function CutRow({
  row,
  at,
  last,
  weighted,
  wrong,
}: {
  row: Row;
  at: number;
  last: boolean;
  weighted: boolean;
  wrong?: string;
}) {
  const { edit } = useActions();
  const { cut } = row;
  const [sum, error] = row.sumw === undefined ? [] : formatWithError(row.sumw, Math.sqrt(row.sumw2 ?? 0));
  return (
    <tr className={cut && !cut.enabled ? styles.off : undefined}>
      <th scope="row" className={styles.name}>
        {cut ? (
          <label className={styles.cut} title={cut.expression}>
            <input
              type="checkbox"
              checked={cut.enabled}
              onChange={(e) => edit([{ kind: 'setCutEnabled', name: cut.name, enabled: e.currentTarget.checked }])}
            />
            <span className={styles.words}>
              <span className={styles.label}>{cut.name}</span>
              <span className={styles.expression}>{cut.expression}</span>
              {wrong && <span className={styles.wrong}>{sentence(wrong)}</span>}
            </span>
          </label>
        ) : (
          <span className={styles.all}>all events</span>
        )}
      </th>
      <td>{row.events === undefined ? '' : formatCount(row.events)}</td>
      {weighted && (
        <td>
          {sum !== undefined && (
            <>
              {sum} <span className={styles.error}>± {error}</span>
            </>
          )}
        </td>
      )}
      <td>{row.step === undefined ? '' : formatPercent(row.step)}</td>
      <td>{row.total === undefined ? '' : formatPercent(row.total)}</td>
      <td className={styles.more}>
        {cut && (
          <Menu>
            <Menu.Target>
              <ActionIcon size={22} aria-label={`Actions for ${cut.name}`}>
                <IconDotsVertical size={14} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item disabled={at === 0} onClick={() => edit([{ kind: 'moveCut', name: cut.name, to: at - 1 }])}>
                Move up
              </Menu.Item>
              <Menu.Item disabled={last} onClick={() => edit([{ kind: 'moveCut', name: cut.name, to: at + 1 }])}>
                Move down
              </Menu.Item>
              <Menu.Item color="red" onClick={() => edit([{ kind: 'removeCut', name: cut.name }])}>
                Remove
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        )}
      </td>
    </tr>
  );
}

/** Cuts of the document with the figures of the result, matched by name: a cut that was just added has none yet. */
function tableRows(cuts: readonly Cut[], flow: RunResult['cutflow'][number] | undefined): Row[] {
  const [all, ...passed] = flow?.rows ?? [];
  let before = all?.events;
  const rows: Row[] = [{ ...all }];
  for (const cut of cuts) {
    const found = cut.enabled ? passed.find((r) => r.name === cut.name) : undefined;
    if (!found || !all) {
      rows.push({ cut });
      continue;
    }
    rows.push({
      cut,
      events: found.events,
      sumw: found.sumw,
      sumw2: found.sumw2,
      step: found.events / (before ?? 0),
      total: found.events / all.events,
    });
    before = found.events;
  }
  return rows;
}
