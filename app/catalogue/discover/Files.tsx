import { Button } from '@mantine/core';
import { useMemo, useState } from 'react';
import { printGuid } from '../../../core/catalogue/eventKey.ts';
import type { ContainerRow, DatasetRow, FileRow } from '../../../core/catalogue/tables.ts';
import { formatBytes, formatCount } from '../../numbers.ts';
import { useCatalogue } from '../context.ts';
import { VirtualTable } from '../parts/VirtualTable.tsx';
import { QuestionStatus } from '../QuestionStatus.tsx';
import { useQuestion } from '../useQuestion.ts';
import styles from './Discover.module.css';

const COLUMNS = [
  { name: 'file', label: 'File', width: 7, right: true },
  { name: 'guid', label: 'GUID', width: 40 },
  { name: 'events', label: 'Events', width: 9, right: true },
  { name: 'bytes', label: 'Size', width: 10, right: true },
];

/** The declared files; they are read when somebody wants to see them. */
export function Files({ container, dataset }: { container: ContainerRow; dataset: DatasetRow | undefined }) {
  const catalogue = useCatalogue();
  const question = useQuestion<FileRow[]>();
  const [current, setCurrent] = useState(-1);
  const ask = () => question.ask((signal) => catalogue.files(container.dspid, container.dstypeid, signal));
  const files = useMemo(
    () => question.value?.filter(({ tid }) => dataset === undefined || tid === dataset.tid),
    [question.value, dataset],
  );
  return (
    <section className={styles.files}>
      <h3>Files</h3>
      {question.state === 'idle' && (
        <Button variant="default" size="compact-xs" onClick={ask}>
          Show {formatCount((dataset ?? container).files_rucio)} files
        </Button>
      )}
      {question.state !== 'done' && <QuestionStatus question={question} retry={ask} />}
      {files && (
        <div className={styles.fileTable}>
          <VirtualTable
            label="Files"
            columns={COLUMNS}
            count={files.length}
            cell={(row, column) => cell(files[row]!, column)}
            current={current}
            onCurrent={setCurrent}
          />
        </div>
      )}
    </section>
  );
}

function cell(file: FileRow, column: string): string {
  switch (column) {
    case 'guid':
      return printGuid({ hi: file.guid_hi, lo: file.guid_lo });
    case 'events':
      return formatCount(file.events_rucio);
    case 'bytes':
      return formatBytes(file.bytes);
  }
  return String(file.file);
}
