import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useActions, useContextual, useExplorer } from '../store/context.tsx';
import { appConfig } from './appConfig.ts';

/** A way around a server that does not let this page read its answers: through the proxy that the app is set up with, if it is. */
export default function ProxyOffer({ host }: { host: string }) {
  const { base } = useContextual();
  const access = useExplorer((s) => s.access);
  const { setAccess } = useActions();
  const [proxy, setProxy] = useState<string>();
  useEffect(() => {
    void appConfig(base).then((config) => setProxy(config.proxy));
  }, [base]);
  if (!proxy || access.proxied?.includes(host)) return null;
  const name = new URL(proxy).host;
  return (
    <Button
      title={`${name} then sees which files you read and your network address. Keys and tokens are not sent to it.`}
      onClick={() => setAccess({ ...access, proxy, proxied: [...(access.proxied ?? []), host] })}
    >
      Ask through {name}
    </Button>
  );
}
