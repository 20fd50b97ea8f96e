import { Button } from '@mantine/core';
import { lazy, Suspense, useMemo } from 'react';
import { plotsWithSaved } from '../plots/savedPlots.ts';
import { useActions, useExplorer } from '../store/context.tsx';
import { PlotCard } from './PlotCard.tsx';
import styles from './PlotGrid.module.css';

const SavedResults = lazy(() => import('./SavedResults.tsx'));

/** The plots of all histograms, in the document's order. `presented`: they are there to be looked at and saved. */
export function PlotGrid({ presented = false }: { presented?: boolean }) {
  const specs = useExplorer((s) => s.document?.histograms);
  const results = useExplorer((s) => s.result?.histograms);
  const program = useExplorer((s) => s.program);
  const stale = useExplorer((s) => s.result !== undefined && s.resultVersion !== s.version && s.phase !== 'running');
  const problems = useExplorer((s) => s.problems);
  const empty = useExplorer((s) => s.result?.complete === true && s.result.eventsRead === 0);
  const { edit } = useActions();
  const hasMuons = useExplorer((s) => s.schema?.collections.has('Muon') ?? false);
  const waits = useExplorer((s) => s.phase === 'waiting' || s.phase === 'opening');
  const saved = useExplorer((s) => s.saved);
  const use = useExplorer((s) => s.savedUse);
  const plots = useMemo(() => plotsWithSaved(specs ?? [], results ?? [], saved, use), [specs, results, saved, use]);
  if (plots.length === 0 && waits) return <div className={styles.empty}>Plots appear here once the data are open.</div>;
  if (plots.length === 0) {
    return (
      <div className={styles.empty}>
        <p className={styles.lead}>No histograms yet</p>
        {!presented && <p>Click a column to add one, or write it in the editor.</p>}
        {!presented && hasMuons && (
          <Button
            variant="default"
            onClick={() =>
              edit([
                {
                  kind: 'addHistogram',
                  spec: {
                    name: 'muons',
                    axes: [{ value: 'len(Muon)', bins: 11, range: [-0.5, 10.5], label: 'Muons' }],
                  },
                },
              ])
            }
          >
            Add the number of muons
          </Button>
        )}
      </div>
    );
  }
  return (
    <>
      {empty && <p className={styles.none}>The data hold no events: every histogram is empty.</p>}
      {saved.length > 0 && (
        <Suspense>
          <div className={styles.saved}>
            <SavedResults />
          </div>
        </Suspense>
      )}
      <div className={styles.grid}>
        {plots.map(({ spec, histogram, over, elsewhere, problem }) => (
          <PlotCard
            key={spec.name}
            spec={spec}
            histogram={histogram}
            over={over}
            perItem={program?.histograms.find((h) => h.name === spec.name)?.per !== undefined}
            stale={stale && !elsewhere}
            readOnly={presented || elsewhere}
            brushable={!elsewhere}
            presented={presented}
            wrong={problem ?? problems.find((p) => p.keys[0] === 'histograms' && p.keys[1] === spec.name)?.message}
          />
        ))}
      </div>
    </>
  );
}
