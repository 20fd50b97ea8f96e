import { Button } from '@mantine/core';
import { useEffect } from 'react';
import { useActions, useExplorer } from '../store/context.tsx';
import type { FileState } from '../store/state.ts';
import { Message } from './Message.tsx';

/** A ROOT file of the document that holds histograms, and no events. An analysis that has none of its own shows them at once. */
export default function HistogramFile({ file }: { file: FileState }) {
  const { showHistograms } = useActions();
  const shown = useExplorer((s) => s.saved.some(({ name }) => name === file.name));
  const isAlone = useExplorer((s) => s.document?.histograms.length === 0);
  const count = file.error?.place.histograms ?? 0;
  useEffect(() => {
    if (isAlone) void showHistograms(file);
  }, [isAlone, file, showHistograms]);
  if (shown && isAlone) return null;
  return (
    <Message
      kind="note"
      title={`${file.name} holds ${count === 1 ? 'a histogram' : `${count} histograms`}, and no events`}
      hint="An analysis needs events: a tree or an ntuple."
      actions={
        shown ? null : (
          <Button variant="default" onClick={() => void showHistograms(file)}>
            Show {count === 1 ? 'it' : 'them'}
          </Button>
        )
      }
    />
  );
}
