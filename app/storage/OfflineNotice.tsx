import { Button } from '@mantine/core';
import { Message } from '../components/Message.tsx';
import { formatCount } from '../numbers.ts';
import { useExplorer } from '../store/context.tsx';

/** Says that servers could not be asked, and how old the data are. */
export default function OfflineNotice() {
  const files = useExplorer((s) => s.files).flat();
  const old = files.filter(({ summary }) => summary?.file.asOf !== undefined);
  if (old.length === 0) return null;
  const since = Math.min(...old.map(({ summary }) => summary!.file.asOf!));
  const when = new Date(since).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
  const hosts = [...new Set(old.flatMap(({ hosts }) => hosts ?? [location.host]))];
  const many = old.length === 1 ? 'The file is' : `${formatCount(old.length)} files are`;
  return (
    <Message
      kind="note"
      title={`Offline: data as of ${when}`}
      hint={`${hosts.join(', ')} can't be reached. ${many} read from what this browser has stored; what is not there can't be had now.`}
      actions={
        <Button variant="default" onClick={() => location.reload()}>
          Look again
        </Button>
      }
    />
  );
}
