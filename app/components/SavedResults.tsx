import { Button } from '@mantine/core';
import { useActions, useExplorer } from '../store/context.tsx';
import { Message } from './Message.tsx';

/** Which saved results stand beside the document's own, and what is done with them. */
export default function SavedResults() {
  const { setSavedUse, removeSaved } = useActions();
  const names = useExplorer((s) => s.saved.map(({ name }) => name).join(', '));
  const use = useExplorer((s) => s.savedUse);
  const choice = (value: typeof use, label: string) => (
    <Button
      size="compact-sm"
      variant={use === value ? 'filled' : 'default'}
      aria-pressed={use === value}
      onClick={() => setSavedUse(value)}
    >
      {label}
    </Button>
  );
  return (
    <Message
      kind="note"
      title={`Saved results: ${names}`}
      hint={
        use === 'over'
          ? 'Histograms of the same name are drawn over one another.'
          : 'Histograms of the same name are added up, bin by bin.'
      }
      actions={
        <>
          {choice('over', 'Draw over')}
          {choice('add', 'Add up')}
          <Button size="compact-sm" variant="default" onClick={removeSaved}>
            Remove
          </Button>
        </>
      }
    />
  );
}
