import { publicUrl } from '../../workers/io/publicUrl.ts';
import { useExplorer } from '../store/context.tsx';
import type { FileState } from '../store/state.ts';
import styles from './DataList.module.css';

/** What is to be known of how a file is read: which replica, which of them failed, and what can't be checked. */
export function FileNotes({ file }: { file: FileState }) {
  const failed = useExplorer((s) => s.stats?.failed);
  const hidden = file.summary?.file.hidden ?? [];
  const urls =
    file.address?.kind === 'url' && file.address.replicas ? [file.address.url, ...file.address.replicas] : [];
  const isSound = (url: string) => !failed?.has(publicUrl(url));
  const first = file.summary?.file.replica?.url;
  const used = file.summary && (first && isSound(first) ? first : urls.find(isSound));
  return (
    <>
      {used && (
        <span className={styles.more}>
          read from {hostOf(used)}, replica {urls.indexOf(used) + 1} of {urls.length}
        </span>
      )}
      {urls
        .filter((url) => !isSound(url))
        .map((url) => (
          <span key={url} className={styles.more}>
            {hostOf(url)} failed: {failed?.get(publicUrl(url))?.replace(/^\S+: /, '')}
          </span>
        ))}
      {hidden.length > 0 && <span className={styles.more}>{unchecked(hidden)}</span>}
    </>
  );
}

function unchecked(hidden: readonly string[]): string {
  const lost = [
    ...(hidden.includes('ETag') ? ['a change of the file goes unnoticed'] : []),
    ...(hidden.includes('Content-Range') ? ['only the length of what comes is checked'] : []),
  ];
  return `its server shows no ${hidden.join(' and no ')}: ${lost.join(', and ')}`;
}

function hostOf(url: string): string {
  return new URL(url).host;
}
