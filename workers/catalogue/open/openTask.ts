import type { Manifest } from '../../../core/catalogue/manifest.ts';
import { LumiscopeError } from '../../../core/errors.ts';
import { objectAddress } from '../objectAddress.ts';
import type { TaskContext } from '../taskContext.ts';

/** Reads the manifest of a catalogue. */
export async function run(
  context: TaskContext,
  { folder }: { folder: string },
  signal: AbortSignal,
): Promise<Manifest> {
  const source = await context.open(objectAddress(folder, 'manifest.json'));
  const bytes = await source.read(0, source.size, signal);
  const manifest = JSON.parse(new TextDecoder().decode(bytes)) as Manifest;
  if (manifest.format !== 'lumiscope-catalogue')
    throw new LumiscopeError('format', `${source.url} is no manifest of a catalogue`, { place: { file: source.url } });
  return manifest;
}
