import { Button, Checkbox } from '@mantine/core';
import { useState } from 'react';
import { useActions, useExplorer } from '../store/context.tsx';
import { Message } from './Message.tsx';

/** What is on the way, or failed to arrive. */
export function Arrival() {
  const { allowHosts, dismissArrival, openAddress } = useActions();
  const arrival = useExplorer((s) => s.arrival);
  const [remember, setRemember] = useState(false);
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
    <Message
      kind="warning"
      title={`This analysis document lies on ${asksHost}`}
      hint={`Nothing has been asked of it yet: ${arrival.what}`}
      actions={
        <>
          <Checkbox
            label="Remember this host"
            checked={remember}
            onChange={(event) => setRemember(event.currentTarget.checked)}
          />
          <Button variant="default" onClick={dismissArrival}>
            Don’t load
          </Button>
          <Button onClick={() => allowHosts([asksHost], remember)}>Load document</Button>
        </>
      }
    />
  );
}
