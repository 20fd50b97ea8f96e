import { Button, Checkbox } from '@mantine/core';
import { useState } from 'react';
import { publicUrl } from '../../workers/io/publicUrl.ts';
import { formatBytes } from '../numbers.ts';
import { useActions } from '../store/context.tsx';
import { ASK_ABOVE_BYTES } from '../store/runner.ts';
import type { FileState } from '../store/state.ts';
import styles from './Gate.module.css';
import { Message } from './Message.tsx';

/** Hosts with their files, and one click to agree. `sizes`: what the document says of each data set, in bytes. */
export default function Consent({ files, sizes }: { files: FileState[]; sizes: (number | undefined)[] }) {
  const { allowHosts } = useActions();
  const [remember, setRemember] = useState(false);
  const hosts = [...new Set(files.flatMap((f) => f.hosts ?? []))];
  const stated = sizes.reduce<number>((sum, bytes) => sum + (bytes ?? Number.NaN), 0);
  const size = Number.isNaN(stated)
    ? 'Sizes are known once the files are open'
    : `The files have about ${formatBytes(stated)}, as the document says`;
  return (
    <Message
      kind="warning"
      title={
        hosts.length === 1
          ? `This analysis reads data from ${hosts[0]}`
          : `This analysis reads data from ${hosts.length} other hosts`
      }
      hint={`Nothing has been fetched yet. A host sees your network address. ${size}; only the needed columns are fetched, and you are asked again before a run that costs over ${formatBytes(ASK_ABOVE_BYTES)}.`}
      actions={
        <>
          <Checkbox
            label={hosts.length === 1 ? 'Remember this host' : 'Remember these hosts'}
            checked={remember}
            onChange={(event) => setRemember(event.currentTarget.checked)}
          />
          <Button onClick={() => allowHosts(hosts, remember)}>Load data</Button>
        </>
      }
    >
      <dl className={styles.hosts}>
        {hosts.map((host) => (
          <div key={host}>
            <dt>{host}</dt>
            {files
              .filter((f) => f.hosts?.includes(host))
              .slice(0, 8)
              .map((f) => (
                <dd key={f.key} className="mono">
                  {nameAt(f, host)}
                </dd>
              ))}
            {files.filter((f) => f.hosts?.includes(host)).length > 8 && (
              <dd>and {files.filter((f) => f.hosts?.includes(host)).length - 8} more files</dd>
            )}
          </div>
        ))}
      </dl>
    </Message>
  );
}

/** What a file is called at a host: of replicas, the address there. */
function nameAt({ name, address }: FileState, host: string): string {
  if (address?.kind !== 'url' || !address.replicas) return name;
  return publicUrl([address.url, ...address.replicas].find((url) => new URL(url).host === host) ?? name);
}
