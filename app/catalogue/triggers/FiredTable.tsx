import { bitName, type FiredChain, LEVEL_NAMES } from '../../../core/catalogue/menu.ts';
import { type TableColumn, VirtualTable } from '../parts/VirtualTable.tsx';
import styles from './Triggers.module.css';

const COLUMNS: readonly TableColumn[] = [
  { name: 'level', label: 'level', width: 8 },
  { name: 'bit', label: 'bit', width: 7, right: true },
  { name: 'lists', label: 'passed', width: 18 },
  { name: 'chain', label: 'chain', width: 40 },
];

/** The chains that one event fired, or that a mask says. */
export function FiredTable({ fired }: { fired: readonly FiredChain[] }) {
  if (fired.length === 0) return <p className={styles.note}>No bit is set</p>;
  return (
    <div className={styles.table}>
      <VirtualTable
        label="Fired chains"
        columns={COLUMNS}
        count={fired.length}
        current={-1}
        cell={(row, column) => {
          const { level, bit, chain, lists } = fired[row]!;
          if (column === 'level') return LEVEL_NAMES[level];
          if (column === 'bit') return bit;
          // Those of level 2 have an l in front.
          if (column === 'lists') return lists.map((name) => name.replace(/^l/, '').toUpperCase()).join(' ');
          return chain ?? bitName(level, bit);
        }}
      />
    </div>
  );
}
