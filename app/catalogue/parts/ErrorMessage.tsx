import { Button } from '@mantine/core';
import { lazy, Suspense } from 'react';
import type { PlainError } from '../../../core/errors.ts';
import { AccessButton } from '../../components/AccessButton.tsx';
import { Message } from '../../components/Message.tsx';

const ProxyOffer = lazy(() => import('../../access/ProxyOffer.tsx'));

/** What went wrong, with the object that it is about, and what can be done. @param retry asks again */
export function ErrorMessage({ error, retry }: { error: PlainError; retry?: (() => void) | undefined }) {
  const { message, hint, place } = error;
  return (
    <Message
      kind="error"
      title={place.file && !message.includes(place.file) ? `${place.file}: ${message}` : message}
      hint={hint}
      actions={
        <>
          <AccessButton host={place.access} />
          {place.cors && (
            <Suspense>
              <ProxyOffer host={place.cors} />
            </Suspense>
          )}
          {retry && (
            <Button variant="default" onClick={retry}>
              Try again
            </Button>
          )}
        </>
      }
    />
  );
}
