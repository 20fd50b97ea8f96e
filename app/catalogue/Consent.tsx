import { Button, Checkbox } from '@mantine/core';
import { useState } from 'react';
import { publicUrl } from '../../workers/io/publicUrl.ts';
import { Message } from '../components/Message.tsx';

/** The host of a catalogue, and one click to agree. */
export function Consent({
  host,
  url,
  onAgree,
}: {
  host: string;
  url: string;
  onAgree(host: string, remember: boolean): void;
}) {
  const [remember, setRemember] = useState(false);
  return (
    <Message
      kind="warning"
      title={`This catalogue lies on ${host}`}
      hint="Nothing has been fetched yet. A host sees your network address and which parts of the catalogue you read."
      actions={
        <>
          <Checkbox
            label="Remember this host"
            checked={remember}
            onChange={(event) => setRemember(event.currentTarget.checked)}
          />
          <Button onClick={() => onAgree(host, remember)}>Open the catalogue</Button>
        </>
      }
    >
      <p className="mono">{publicUrl(url)}</p>
    </Message>
  );
}
