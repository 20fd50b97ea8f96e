/** Looks whether a catalogue has changed since it was opened. */
export interface VersionLook {
  /** Address of its `manifest.json`. */
  url: string;
  /** Of the version that is open. */
  serial: number;
  send: (url: string, init: RequestInit) => Promise<Response>;
}

/**
 * A look costs the head of an answer; the manifest is read the first time, and when its head has changed.
 * @returns what looks: gives the serial of a newer version; undefined where there is none, or that can't be seen now
 */
export function versionLook({ url, serial, send }: VersionLook): (signal: AbortSignal) => Promise<number | undefined> {
  let seen: string | undefined;
  let newest = serial;
  return async (signal) => {
    try {
      if (seen !== undefined) {
        const head = await send(url, { method: 'HEAD', cache: 'no-cache', signal });
        if (!head.ok || markOf(head) === seen) return newest > serial ? newest : undefined;
      }
      const answer = await send(url, { cache: 'no-cache', signal });
      if (!answer.ok) return undefined;
      const { serial: found } = (await answer.json()) as { serial?: unknown };
      if (typeof found !== 'number') return undefined;
      newest = found;
      seen = markOf(answer);
      return newest > serial ? newest : undefined;
    } catch {
      return undefined;
    }
  };
}

/** What tells one version of a file from another; undefined where a server tells nothing that this page may read. */
function markOf({ headers }: Response): string | undefined {
  return headers.get('etag') ?? headers.get('last-modified') ?? undefined;
}
