import { LumiscopeError } from '../../core/errors.ts';

/** Bytes that the tiles of one histogram may take while a chunk runs, where nobody says otherwise. */
export const TILE_BYTES = 256e6;

/** What is told where the tiles of a histogram pass `budget` bytes: how many there will be shows only while it is filled. */
export function tooManyTiles(name: string, budget: number): LumiscopeError {
  return new LumiscopeError('limit', `histogram ${name} takes more than ${Math.floor(budget / 1e6)} MB of memory`, {
    hint: 'its events lie in too many different bins: take fewer axes, or fewer bins on each',
    place: { path: `histograms.${name}`, keys: ['histograms', name] },
  });
}
