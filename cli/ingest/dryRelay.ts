import { createHash } from 'node:crypto';
import type { RelayClient } from '../../workers/ingest/produce/relayClient.ts';

/** What a dry run speaks to: prints what would be sent, a line of JSON each, and keeps nothing. */
export function dryRelay(): Pick<RelayClient, 'upload' | 'has' | 'message' | 'declare'> {
  const print = async (line: object) => {
    process.stdout.write(`${JSON.stringify(line)}\n`);
    return { again: false };
  };
  return {
    async upload(bytes) {
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      await print({ object: { sha256, bytes: bytes.length } });
      return { sha256, again: false };
    },
    has: async () => false,
    message: (message) => print({ message }),
    declare: (declaration) => print({ declaration }),
  };
}
