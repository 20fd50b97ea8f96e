import { useEffect, useRef, useState } from 'react';
import { LumiscopeError, type PlainError, toPlain } from '../../core/errors.ts';
import { browserCatalogueThreads } from '../../workers/catalogue/browserCatalogue.ts';
import { type OpenCatalogue, openCatalogue } from '../../workers/catalogue/openCatalogue.ts';
import type { AccessRules } from '../../workers/io/access.ts';
import { locateFile } from '../../workers/io/locate.ts';
import { publicUrl } from '../../workers/io/publicUrl.ts';
import { agreeTo, isAgreed } from '../access/agreedHosts.ts';
import { foreignHost } from '../store/addresses.ts';

/** How far a catalogue is open. */
export type Opening =
  /** Nothing is fetched before the person agrees to the host. */
  | { state: 'asks'; host: string; url: string }
  | { state: 'opening' }
  | { state: 'failed'; error: PlainError }
  | { state: 'open'; catalogue: OpenCatalogue };

/** Opens the catalogue at an address as soon as its host may be asked, and closes it with the view. */
export function useOpenCatalogue(
  address: string,
  base: string,
  access: AccessRules,
): { opening: Opening; retry(): void; agree(host: string, remember: boolean): void } {
  const [opening, setOpening] = useState<Opening>({ state: 'opening' });
  const [attempt, setAttempt] = useState(0);
  const catalogue = opening.state === 'open' ? opening.catalogue : undefined;
  const tried = useRef(access);

  useEffect(() => {
    // What is open goes on with other keys; what failed is tried again with them.
    if (catalogue) catalogue.threads.setAccess(access);
    else if (tried.current !== access) setAttempt((n) => n + 1);
    tried.current = access;
  }, [catalogue, access]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt opens it anew, other keys do not
  useEffect(() => {
    let at: { url: string; host: string | undefined };
    try {
      at = whereIs(address, base);
    } catch (error) {
      setOpening({ state: 'failed', error: toPlain(error) });
      return;
    }
    const { url, host } = at;
    if (host && !isAgreed(host)) {
      setOpening({ state: 'asks', host, url });
      return;
    }
    setOpening({ state: 'opening' });
    const abort = new AbortController();
    const threads = browserCatalogueThreads('browser');
    threads.setAccess(access);
    openCatalogue(url, threads, abort.signal).then(
      (open) => !abort.signal.aborted && setOpening({ state: 'open', catalogue: open }),
      (error) => !abort.signal.aborted && setOpening({ state: 'failed', error: toPlain(error) }),
    );
    return () => {
      abort.abort();
      threads.close();
    };
  }, [address, base, attempt]);

  return {
    opening,
    retry: () => setAttempt((n) => n + 1),
    agree(host, remember) {
      agreeTo(host, remember);
      setAttempt((n) => n + 1);
    },
  };
}

/** The manifest's URL, and its host where that is not the page's own. @throws LumiscopeError `source` */
function whereIs(address: string, base: string): { url: string; host: string | undefined } {
  const manifest = /manifest\.json$/.test(address) ? address : `${address.replace(/\/+$/, '')}/manifest.json`;
  const url = /^\w+:\/\//.test(manifest) ? locateFile(manifest).url : new URL(manifest, base).href;
  if (!/^https?:/.test(url))
    throw new LumiscopeError('source', `${publicUrl(address)} is no address of a catalogue`, {
      hint: 'use https:, http: or s3:, or a folder beside this page',
    });
  return { url, host: foreignHost(url, base) };
}
