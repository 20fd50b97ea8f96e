import { useCallback, useState } from 'react';
import { encodeText } from '../../core/analysis/textLink.ts';
import { useActions, useContextual, useExplorer } from '../store/context.tsx';
import { AnalysisCost } from './AnalysisCost.tsx';
import { ANALYSIS_QUESTIONS } from './analysisTable.ts';
import { decodedText, formatChart, parseChart } from './inLink.ts';
import styles from './Sql.module.css';
import { SqlConsole } from './SqlConsole.tsx';
import { useAnalysisTable } from './useAnalysisTable.ts';
import { useDatabase } from './useDatabase.ts';

const FIRST = ANALYSIS_QUESTIONS[0]!.text;
const nothing = async () => {};

/** Questions in SQL to the events that pass the cuts of the open analysis. */
export default function SqlPane() {
  const { setPane } = useActions();
  const explorer = useContextual();
  const pane = useExplorer((s) => s.pane);
  const [note, setNote] = useState<string>();
  const base = useDatabase(explorer, nothing);
  const { asks } = useAnalysisTable(
    base,
    useCallback((text) => setNote(text), []),
  );
  return (
    <div className={styles.pane}>
      <SqlConsole
        base={base}
        text={decodedText(pane.sql, FIRST)}
        onText={(text) => setPane({ sql: text === FIRST || text === '' ? undefined : encodeText(text) })}
        examples={ANALYSIS_QUESTIONS}
        chart={parseChart(pane.chart)}
        onChart={(chart) => setPane({ chart: chart && formatChart(chart) })}
        note={note}
      >
        <AnalysisCost asks={asks} />
      </SqlConsole>
    </div>
  );
}
