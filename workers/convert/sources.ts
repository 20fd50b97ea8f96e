import { publicUrl } from '../io/publicUrl.ts';
import type { SessionFile } from '../schedule/files.ts';

/** Files as the new one names them: no keys of signed addresses, no folders of this machine. */
export function sourcesOf(
  files: readonly SessionFile[],
): { name: string; size: number; etag?: string; events: number }[] {
  return files.map(({ summary: { file, events } }) => ({
    name: sourceName(file.address),
    size: file.size,
    ...(file.etag !== undefined && { etag: file.etag }),
    events,
  }));
}

function sourceName(address: SessionFile['summary']['file']['address']): string {
  switch (address.kind) {
    case 'url':
      return publicUrl(address.url);
    case 'path':
      return address.path.split(/[\\/]/).at(-1)!;
    case 'blob':
      return address.name;
  }
}
