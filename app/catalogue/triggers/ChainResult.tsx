import { Button, Menu } from '@mantine/core';
import { useMemo } from 'react';
import { LEVEL_NAMES, type TriggerMenu } from '../../../core/catalogue/menu.ts';
import type { StreamMember } from '../../../core/catalogue/stream.ts';
import { chainCounts, secondsOf, type TriggerCounts } from '../../../core/catalogue/triggerCounts.ts';
import { chainsCsv, chainsJson } from '../../../core/catalogue/triggerFiles.ts';
import type { OpenCatalogue } from '../../../workers/catalogue/openCatalogue.ts';
import { formatCount, formatDuration } from '../../numbers.ts';
import { saveText } from '../../save.ts';
import { useParameter } from '../link.ts';
import { ChainOverlaps } from './ChainOverlaps.tsx';
import { ChainTable } from './ChainTable.tsx';
import { Field } from './Field.tsx';
import styles from './Triggers.module.css';

/** The counts of chains: a table, or the overlaps of some of them. */
export function ChainResult({
  catalogue,
  members,
  counts,
  menu,
  isPartial,
}: {
  catalogue: OpenCatalogue;
  members: readonly StreamMember[];
  counts: TriggerCounts;
  menu: TriggerMenu | undefined;
  /** More is being counted. */
  isPartial: boolean;
}) {
  const [filter, setFilter] = useParameter('chains');
  const [view, setView] = useParameter('view');
  const rows = useMemo(() => chainCounts(counts, menu), [counts, menu]);
  const fired = useMemo(() => rows.filter((row) => row.fired.some((events) => events > 0)).length, [rows]);
  const seconds = secondsOf(counts);
  const name = `triggers-${LEVEL_NAMES[counts.question.level].toLowerCase()}`;
  return (
    <section className={styles.result} aria-label="Chains">
      <div className={styles.tools}>
        <fieldset className={styles.ways} aria-label="Show">
          <button type="button" aria-pressed={view !== 'overlaps'} onClick={() => setView('', 'moved')}>
            Table
          </button>
          <button type="button" aria-pressed={view === 'overlaps'} onClick={() => setView('overlaps', 'moved')}>
            Overlaps
          </button>
        </fieldset>
        <Field label="Chains" value={filter} onChange={setFilter} placeholder="HLT_mu* -*_L1*" width={22} />
        <span className={styles.faint}>
          {formatCount(fired)} of {formatCount(rows.length)} chains fired
          {menu ? `, menu ${menu.smk}` : ', no menu known'}
          {seconds > 0 && `, ${formatDuration(seconds)} of luminosity blocks`}
        </span>
        <Menu>
          <Menu.Target>
            <Button variant="default" size="compact-xs" disabled={isPartial}>
              Save
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => saveText(`${name}.csv`, chainsCsv(counts, rows), 'text/csv')}>
              Chains as CSV
            </Menu.Item>
            <Menu.Item onClick={() => saveText(`${name}.json`, chainsJson(counts, rows), 'application/json')}>
              All counts as JSON
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>
      {view === 'overlaps' ? (
        !isPartial && (
          <ChainOverlaps
            catalogue={catalogue}
            members={members}
            counts={counts}
            rows={rows}
            menu={menu}
            filter={filter}
          />
        )
      ) : (
        <ChainTable counts={counts} rows={rows} filter={filter} />
      )}
    </section>
  );
}
