import { ActionIcon, Button } from '@mantine/core';
import { IconPin, IconPinFilled, IconTrash, IconX } from '@tabler/icons-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { toPlain } from '../../core/errors.ts';
import type { CachedFile, StorageReport, StorageRequest } from '../../workers/io/cache/report.ts';
import { Dialog } from '../components/Dialog.tsx';
import { Message } from '../components/Message.tsx';
import { formatBytes, formatCount } from '../numbers.ts';
import { useContextual } from '../store/context.tsx';
import { fileNameOf } from '../store/stem.ts';
import { Limit } from './Limit.tsx';
import { Persistence } from './Persistence.tsx';
import { PinAnalysis } from './PinAnalysis.tsx';
import styles from './StoragePanel.module.css';

/** What this browser keeps of remote files: how much, of which, what stays, and the end of it. Goes away with Esc. */
export default function StoragePanel({ onClose }: { onClose: () => void }) {
  const { session } = useContextual();
  const dialog = useRef<HTMLDialogElement>(null);
  const [report, setReport] = useState<StorageReport>();
  const [failed, setFailed] = useState<string>();
  const ask = useCallback(
    async (request: StorageRequest) => {
      try {
        setReport(await session.storage(request));
        setFailed(undefined);
      } catch (error) {
        setFailed(toPlain(error).message);
      }
    },
    [session],
  );
  useEffect(() => {
    void ask({ kind: 'report' });
  }, [ask]);
  return (
    <Dialog dialog={dialog} className={styles.dialog} aria-label="Stored data" onClose={onClose}>
      <div className={styles.content}>
        <div className={styles.head}>
          <h2>Stored data</h2>
          <ActionIcon variant="subtle" aria-label="Close" onClick={() => dialog.current?.close()}>
            <IconX size={16} />
          </ActionIcon>
        </div>
        {failed && <Message kind="error" title="Stored data can't be looked at" hint={failed} />}
        {report?.trouble && (
          <Message
            kind="warning"
            title="Nothing can be stored at the moment"
            hint={`${report.trouble}. Everything works without; data are fetched again at each visit.`}
          />
        )}
        {!report && !failed && <p className={styles.hint}>Looking…</p>}
        {report && report.quota > 0 && <Usage report={report} />}
        {report && !report.trouble && (
          <>
            <div className={styles.settings}>
              <Limit report={report} onChange={(bytes) => void ask({ kind: 'quota', bytes })} />
              <Persistence />
            </div>
            {report.quota > 0 && <PinAnalysis files={report.files} onChange={() => ask({ kind: 'report' })} />}
          </>
        )}
        {report && <FileTable files={report.files} ask={ask} />}
        <p className={styles.hint}>
          Parts of files from servers that you agreed to, as they were fetched: a second look asks a server only whether
          its file is still the same. Files of this machine are never copied. It all stays in this browser.
        </p>
      </div>
    </Dialog>
  );
}

/** How much of what is allowed is taken up. */
function Usage({ report: { bytes, quota, files, granted } }: { report: StorageReport }) {
  const pinned = files.reduce((sum, file) => sum + (file.pinned ? file.bytes : 0), 0);
  const percent = (part: number) => `${Math.min(100, (100 * part) / quota)}%`;
  return (
    <div>
      <div
        className={styles.bar}
        role="meter"
        aria-label="Storage taken up"
        aria-valuemin={0}
        aria-valuemax={quota}
        aria-valuenow={Math.min(bytes, quota)}
        aria-valuetext={`${formatBytes(bytes)} of ${formatBytes(quota)}`}
      >
        <span className={styles.pinnedPart} style={{ width: percent(pinned) }} />
        <span className={styles.usedPart} style={{ width: percent(bytes - pinned) }} />
      </div>
      <p className={styles.figures}>
        <span>
          <b>{formatBytes(bytes)}</b> of {formatBytes(quota)}
          {pinned > 0 && `, ${formatBytes(pinned)} of it pinned`}
        </span>
        {granted !== undefined && <span className={styles.hint}>the browser grants {formatBytes(granted)}</span>}
      </p>
    </div>
  );
}

/** A row for each file. */
function FileTable({ files, ask }: { files: readonly CachedFile[]; ask: (request: StorageRequest) => Promise<void> }) {
  const [sure, setSure] = useState(false);
  if (files.length === 0) return <p className={styles.empty}>No file is stored.</p>;
  const anyPinned = files.some(({ pinned }) => pinned);
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <div className={styles.scroll} tabIndex={0} role="region" aria-label="Stored files">
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">File</th>
              <th scope="col" className={styles.number}>
                Stored
              </th>
              <th scope="col">
                <span className="visually-hidden">What can be done</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {files.map((file) => (
              <FileRow key={file.key} file={file} ask={ask} />
            ))}
          </tbody>
        </table>
      </div>
      <div className={styles.foot}>
        <span className={styles.hint}>
          {formatCount(files.length)} {files.length === 1 ? 'file' : 'files'}. Pinned files stay; of the others, what
          was not used for longest makes room.
        </span>
        <Button
          variant="default"
          onBlur={() => setSure(false)}
          onClick={() => {
            if (anyPinned && !sure) return setSure(true);
            setSure(false);
            void ask({ kind: 'clear' });
          }}
        >
          {sure ? 'Clear pinned files too' : 'Clear all'}
        </Button>
      </div>
    </>
  );
}

function FileRow({ file, ask }: { file: CachedFile; ask: (request: StorageRequest) => Promise<void> }) {
  const { key, url, size, bytes, used, pinned } = file;
  const { host, pathname } = new URL(url);
  const name = fileNameOf(url) || pathname;
  const when = new Date(used).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
  return (
    <tr>
      <td className={styles.file} title={url}>
        <span className={styles.name}>{name}</span>
        <span className={styles.about}>
          {host === location.host ? 'this site' : host}, used {when}
        </span>
      </td>
      <td className={styles.number}>
        {formatBytes(bytes)}
        <span className={styles.about}>of {formatBytes(size)}</span>
      </td>
      <td className={styles.buttons}>
        <ActionIcon
          variant="subtle"
          aria-pressed={pinned}
          aria-label={`Pin ${name}`}
          title={pinned ? 'Pinned: it stays until it is removed here' : 'Pin: it never makes room for other files'}
          onClick={() => void ask({ kind: 'pin', key, pinned: !pinned })}
        >
          {pinned ? <IconPinFilled size={16} /> : <IconPin size={16} />}
        </ActionIcon>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={`Remove ${name}`}
          title="Remove what is stored of it"
          onClick={() => void ask({ kind: 'remove', key })}
        >
          <IconTrash size={16} />
        </ActionIcon>
      </td>
    </tr>
  );
}
