import { Button } from '@mantine/core';
import { useActions } from '../store/context.tsx';

/** A way to give keys or a token to a host that refused a file; nothing where there is no such host. */
export function AccessButton({ host }: { host: string | undefined }) {
  const { askAccess } = useActions();
  return host === undefined ? null : <Button onClick={() => askAccess(host)}>Give keys or a token for {host}</Button>;
}
