import { Button } from '@mantine/core';
import { useActions, useExplorer } from '../store/context.tsx';
import { PlotCard } from './PlotCard.tsx';
import styles from './PlotGrid.module.css';

/** The plots of all histograms, in the document's order. `readOnly`: the document can't be changed here. */
export function PlotGrid({ readOnly = false }: { readOnly?: boolean }) {
  const specs = useExplorer((s) => s.document?.histograms);
  const results = useExplorer((s) => s.result?.histograms);
  const program = useExplorer((s) => s.program);
  const stale = useExplorer((s) => s.result !== undefined && s.resultVersion !== s.version && s.phase !== 'running');
  const problems = useExplorer((s) => s.problems);
  const empty = useExplorer((s) => s.result?.complete === true && s.result.eventsRead === 0);
  const { edit } = useActions();
  const hasMuons = useExplorer((s) => s.schema?.collections.has('Muon') ?? false);
  const waits = useExplorer((s) => s.phase === 'waiting' || s.phase === 'opening');
  if ((!specs || specs.length === 0) && waits)
    return <div className={styles.empty}>Plots appear here once the data are open.</div>;
  if (!specs || specs.length === 0) {
    return (
      <div className={styles.empty}>
        <p className={styles.lead}>No histograms yet</p>
        {!readOnly && <p>Click a column to add one, or write it in the editor.</p>}
        {!readOnly && hasMuons && (
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
      <div className={styles.grid}>
        {specs.map((spec) => (
          <PlotCard
            key={spec.name}
            spec={spec}
            histogram={results?.find((h) => h.name === spec.name)?.histogram}
            perItem={program?.histograms.find((h) => h.name === spec.name)?.per !== undefined}
            stale={stale}
            readOnly={readOnly}
            wrong={problems.find((p) => p.keys[0] === 'histograms' && p.keys[1] === spec.name)?.message}
          />
        ))}
      </div>
    </>
  );
}
