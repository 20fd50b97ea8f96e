import { Button, Checkbox } from '@mantine/core';
import { useState } from 'react';
import { useActions } from '../store/context.tsx';
import { Message } from './Message.tsx';

/** The host of a document, and one click to agree. */
export default function DocumentConsent({ host, address }: { host: string; address: string }) {
  const { allowHosts, dismissArrival } = useActions();
  const [remember, setRemember] = useState(false);
  return (
    <Message
      kind="warning"
      title={`This analysis document lies on ${host}`}
      hint={`Nothing has been asked of it yet: ${address}`}
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
          <Button onClick={() => allowHosts([host], remember)}>Load document</Button>
        </>
      }
    />
  );
}
