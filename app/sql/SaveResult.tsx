import { Button, Menu } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useState } from 'react';
import { csvOf, textOf, valueAt, writeParquet } from '../../workers/sql/resultText.ts';
import type { SqlResult } from '../../workers/sql/sqlDatabase.ts';
import { formatCount } from '../numbers.ts';
import { saveBlob } from '../save.ts';
import styles from './Sql.module.css';

/** Rows that the clipboard takes. */
const MOST_COPIED = 100_000;

/** Ways to take an answer along. */
export function SaveResult({ result: { columns, rows } }: { result: SqlResult }) {
  const [said, setSaid] = useState('');
  const attempt = (work: () => Promise<string>) => () => {
    work().then(setSaid, (error: Error) => setSaid(error.message));
    setTimeout(() => setSaid(''), 4000);
  };
  const saveCsv = async () => {
    saveBlob('answer.csv', new Blob([...csvOf(columns, rows)], { type: 'text/csv' }));
    return 'Saved as answer.csv';
  };
  const saveParquet = async () => {
    const parts: Uint8Array<ArrayBuffer>[] = [];
    await writeParquet({ write: async (bytes) => void parts.push(bytes) }, columns, rows);
    saveBlob('answer.parquet', new Blob(parts, { type: 'application/vnd.apache.parquet' }));
    return 'Saved as answer.parquet';
  };
  const copy = async () => {
    const lines = [columns.map(({ info }) => info.name).join('\t')];
    const count = Math.min(rows, MOST_COPIED);
    for (let row = 0; row < count; row++) {
      lines.push(columns.map(({ data }) => textOf(valueAt(data, row)).replace(/[\t\r\n]/g, ' ')).join('\t'));
    }
    await navigator.clipboard.writeText(`${lines.join('\n')}\n`);
    return count < rows ? `Copied the first ${formatCount(count)} rows` : 'Copied';
  };
  return (
    <div className={styles.saving}>
      <span role="status">{said}</span>
      <Button variant="default" onClick={attempt(copy)} title="As text with tabs, for spreadsheets">
        Copy
      </Button>
      <Menu>
        <Menu.Target>
          <Button variant="default" rightSection={<IconChevronDown size={14} />}>
            Save
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={attempt(saveCsv)}>Save CSV</Menu.Item>
          <Menu.Item onClick={attempt(saveParquet)}>Save Parquet</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}
