import { useEffect, useState } from 'react';
import type { FitSpec } from '../../core/analysis/document.ts';
import type { DoneFit, FitTarget } from '../plots/fits.ts';

/**
 * Fits of some curves, made when the numbers are complete; the ones before stay meanwhile. What fits is loaded with the first of them.
 * Both lists must be the same ones while they hold the same.
 */
export function useFits(
  targets: readonly FitTarget[],
  specs: readonly FitSpec[],
  complete: boolean,
): readonly DoneFit[] {
  const [fits, setFits] = useState<readonly DoneFit[]>([]);
  useEffect(() => {
    if (specs.length === 0 || targets.length === 0) return setFits((before) => (before.length === 0 ? before : []));
    if (!complete) return;
    let gone = false;
    void (async () => {
      const { fitHistogram } = await import('../../core/fit/fit.ts');
      const done: DoneFit[] = [];
      for (const [index, spec] of specs.entries()) {
        for (const target of targets) {
          // The page is free between two fits.
          await new Promise((resolve) => setTimeout(resolve));
          if (gone) return;
          done.push({ index, target, result: fitHistogram(target.histogram, spec) });
        }
      }
      setFits(done);
    })();
    return () => {
      gone = true;
    };
  }, [targets, specs, complete]);
  return fits;
}
