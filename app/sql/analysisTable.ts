import type { Scalar } from '../../core/expr/typedForm.ts';
import type { ColumnInfo, ValueType } from '../../core/schema/column.ts';
import { COLUMN_TYPES } from '../../workers/engine/eventRows.ts';
import { type Identity, type Places, shownColumns } from '../../workers/eventList.ts';
import type { EventTable } from '../../workers/eventTable.ts';
import type { Column } from '../../workers/sql/toArrow.ts';

/** What the events of an analysis are called in SQL. */
export const ANALYSIS = 'analysis';

/** Questions to the events of any analysis. */
export const ANALYSIS_QUESTIONS = [
  { name: 'Events of the open analysis', text: `SELECT *\nFROM ${ANALYSIS}\nLIMIT 1000` },
  { name: 'Columns of the open analysis: ranges, means, quantiles', text: `SUMMARIZE ${ANALYSIS}` },
];

/** The table of events as columns: what identifies them, and their values, by expression. Names that differ in capital letters only get numbers. */
export function analysisColumns(table: EventTable, identity: Identity, places: Places): Column[] {
  const taken = new Set<string>();
  return shownColumns(table, identity, places).map(({ name, column: { type, values, valid, dictionary } }) => {
    let free = name;
    for (let k = 2; taken.has(free.toLowerCase()); k++) free = `${name} ${k}`;
    taken.add(free.toLowerCase());
    return {
      info: { name: free, type: COLUMN_TYPES[type], depth: 0, nullable: !!valid },
      data: {
        type: COLUMN_TYPES[type],
        length: table.rows,
        offsets: [],
        // The table holds flags as doubles.
        values: type === 'bool' ? Uint8Array.from(values as Float64Array) : values,
        ...(valid && { valid }),
        ...(dictionary && { dictionary }),
      },
    };
  });
}

/** The columns that `analysisColumns` will give, as far as that is known before the events are. */
export function expectedColumns({
  identity,
  values,
}: {
  identity: Identity;
  values: readonly { text: string; type: unknown }[];
}): ColumnInfo[] {
  const flat = (name: string, type: ValueType): ColumnInfo => ({ name, type, depth: 0, nullable: false });
  return [
    ...identity.map(({ label }) => flat(label, 'uint64')),
    ...values.map(({ text, type }) => flat(text, COLUMN_TYPES[type as Scalar] ?? 'float64')),
  ];
}
