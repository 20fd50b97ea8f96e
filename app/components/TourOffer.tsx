import { Button } from '@mantine/core';
import { useState } from 'react';
import { useContextual, useExplorer } from '../store/context.tsx';
import { knowsTour, rememberTour } from '../store/remembered.ts';
import { startTour } from '../tour/startTour.ts';
import { Message } from './Message.tsx';

/** Offers the tour to who looks at an example for the first time. */
export function TourOffer() {
  const explorer = useContextual();
  const [known, setKnown] = useState(knowsTour);
  const isExample = useExplorer((s) => s.document?.explanation !== undefined);
  if (known || !isExample) return null;
  const end = () => {
    rememberTour();
    setKnown(true);
  };
  return (
    <Message
      kind="note"
      title="New here? Three steps show what this is."
      actions={
        <>
          <Button variant="default" onClick={end}>
            No, thanks
          </Button>
          <Button
            onClick={() => {
              end();
              void startTour(explorer);
            }}
          >
            Show me
          </Button>
        </>
      }
    />
  );
}
