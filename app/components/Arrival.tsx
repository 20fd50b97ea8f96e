import { Button } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { useActions, useExplorer } from '../store/context.tsx';
import { Message } from './Message.tsx';

const DocumentConsent = lazy(() => import('./DocumentConsent.tsx'));

/** What is on the way, or failed to arrive. */
export function Arrival() {
  const { dismissArrival, openAddress } = useActions();
  const arrival = useExplorer((s) => s.arrival);
  if (!arrival) return null;
  if (arrival.error) {
    return (
      <Message
        kind="error"
        title={arrival.error.message}
        hint={arrival.error.hint}
        actions={
          <>
            {/^\w+:\/\//.test(arrival.what) && (
              <Button variant="default" onClick={() => openAddress(arrival.what)}>
                Try again
              </Button>
            )}
            <Button variant="default" onClick={dismissArrival}>
              Dismiss
            </Button>
          </>
        }
      />
    );
  }
  if (arrival.note) {
    return (
      <Message
        kind="note"
        title={arrival.note}
        actions={
          <Button variant="default" onClick={dismissArrival}>
            Dismiss
          </Button>
        }
      />
    );
  }
  const { asksHost } = arrival;
  if (!asksHost) return <Message kind="note" title={`Opening ${arrival.what}…`} />;
  return (
    <Suspense>
      <DocumentConsent host={asksHost} address={arrival.what} />
    </Suspense>
  );
}
