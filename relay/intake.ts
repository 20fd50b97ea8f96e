import { createHash } from 'node:crypto';
import type { Tell } from '../core/ingest/happening.ts';
import { declarationPath, messagePath } from '../core/ingest/layout.ts';
import type { ObjectStore } from '../workers/objects/objectStore.ts';
import type { Intake } from './server/parts.ts';

/** Keeps messages and declarations in the store. */
export function openIntake(objects: ObjectStore, tell: Tell): Intake {
  return {
    async message(message) {
      const text = JSON.stringify(message);
      const sha256 = createHash('sha256').update(text).digest('hex');
      const kept = new TextEncoder().encode(JSON.stringify({ received: Date.now(), message }));
      const again = (await objects.write(messagePath(message.dataset, sha256), kept, 'absent')) === undefined;
      const { dataset, producer, files } = message;
      tell({ kind: 'message', dataset, producer, files: files.length, events: sum(files), again });
      return { again };
    },
    async declare(declaration) {
      const path = declarationPath(declaration.dataset);
      const bytes = new TextEncoder().encode(JSON.stringify(declaration));
      const there = await objects.read(path);
      if (there && Buffer.compare(there.bytes, bytes) === 0) return { again: true };
      await objects.write(path, bytes, there ? { version: there.version } : 'absent');
      tell({
        kind: 'declared',
        dataset: declaration.dataset,
        files: declaration.files.length,
        events: sum(declaration.files),
      });
      return { again: false };
    },
    datasets: async () => [],
    dataset: async () => undefined,
    retry: async () => false,
  };
}

const sum = (files: readonly { events: number }[]) => files.reduce((all, { events }) => all + events, 0);
