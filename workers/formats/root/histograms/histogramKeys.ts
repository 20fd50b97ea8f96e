import { pathOf } from '../openRootFile.ts';
import type { RootFile, RootKey } from '../rootFile.ts';

/** Classes of ROOT that are read, and their numbers of axes. TH2Poly and THn are others. */
const CLASS = /^(?:TH([123])[CSILFD]|TProfile([23]D)?)$/;

/** Number of axes of a class of histograms; undefined for any other class. */
export function histogramAxes(className: string): number | undefined {
  const [found, plain, profile] = CLASS.exec(className) ?? [];
  return found === undefined ? undefined : Number(plain ?? profile?.[0] ?? 1);
}

/** Keys of the histograms in a file: of each name the newest. */
export function histogramKeys({ keys }: Pick<RootFile, 'keys'>): RootKey[] {
  const newest = new Map<string, RootKey>();
  for (const key of keys) {
    const path = pathOf(key);
    if (histogramAxes(key.className) !== undefined && !newest.has(path)) newest.set(path, key);
  }
  return [...newest.values()];
}
