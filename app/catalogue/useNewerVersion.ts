import { useEffect, useState } from 'react';
import type { OpenCatalogue } from '../../workers/catalogue/openCatalogue.ts';
import type { AccessRules } from '../../workers/io/access.ts';
import { send, setAccess } from '../../workers/io/send.ts';
import { versionLook } from './newerVersion.ts';

const EVERY_MS = 60_000;
/** Who goes to and fro between windows has it looked at no more often. */
const LEAST_MS = 10_000;

/** The serial of a version that is newer than the one that is open: looked for every minute while the page is seen, and when somebody comes back to it. */
export function useNewerVersion(catalogue: OpenCatalogue | undefined, access: AccessRules): number | undefined {
  const [newer, setNewer] = useState<{ catalogue: OpenCatalogue; serial: number }>();
  useEffect(() => {
    if (!catalogue) return;
    const abort = new AbortController();
    const { signal } = abort;
    // The host is the one that the catalogue was opened from.
    const look = versionLook({
      url: `${catalogue.folder}manifest.json`,
      serial: catalogue.manifest.serial,
      send: (url, init) => {
        setAccess(access);
        return send(url, init);
      },
    });
    let looked = performance.now();
    const lookNow = async () => {
      if (document.hidden || performance.now() - looked < LEAST_MS) return;
      looked = performance.now();
      const serial = await look(signal);
      if (serial !== undefined && !signal.aborted) setNewer({ catalogue, serial });
    };
    const timer = setInterval(lookNow, EVERY_MS);
    window.addEventListener('focus', lookNow, { signal });
    document.addEventListener('visibilitychange', lookNow, { signal });
    return () => {
      abort.abort();
      clearInterval(timer);
    };
  }, [catalogue, access]);
  return newer?.catalogue === catalogue ? newer?.serial : undefined;
}
