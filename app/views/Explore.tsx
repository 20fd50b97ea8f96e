import { lazy, Suspense, useEffect, useState } from 'react';
import { Arrival } from '../components/Arrival.tsx';
import { ColumnTree } from '../components/ColumnTree.tsx';
import { CutTable } from '../components/CutTable.tsx';
import { Gate } from '../components/Gate.tsx';
import { Header } from '../components/Header.tsx';
import { PaneSwitch, SHOW_NAMES, useShows } from '../components/PaneSwitch.tsx';
import { PlotGrid } from '../components/PlotGrid.tsx';
import { ProgressLine } from '../components/RunControls.tsx';
import { RunNotices } from '../components/RunNotices.tsx';
import { Simulated } from '../components/Simulated.tsx';
import { SkipLink } from '../components/SkipLink.tsx';
import { StatusBar } from '../components/StatusBar.tsx';
import { TourOffer } from '../components/TourOffer.tsx';
import { useSettled } from '../components/useSettled.ts';
import { AnalysisPanel } from '../editor/AnalysisPanel.tsx';
import { loadPlotly } from '../plots/plotly.ts';
import { useActions, useExplorer } from '../store/context.tsx';
import styles from './Explore.module.css';

const OfflineNotice = lazy(() => import('../storage/OfflineNotice.tsx'));
const Sliders = lazy(() => import('../components/Sliders.tsx'));
const AccessDialog = lazy(() => import('../access/AccessDialog.tsx'));
const Explanation = lazy(() => import('../components/Explanation.tsx'));
const NMinusOnePane = lazy(() => import('../nMinusOne/NMinusOnePane.tsx'));
const PlanPane = lazy(() => import('../plan/PlanPane.tsx'));
const EventsPane = lazy(() => import('../events/EventsPane.tsx'));
const SqlPane = lazy(() => import('../sql/SqlPane.tsx'));

const TABS = ['cuts', 'editor', 'columns'] as const;
/** `shown`: the pane on the right, which has a place of its own but on narrow pages. */
type Tab = 'shown' | (typeof TABS)[number];
const NAMES: Record<(typeof TABS)[number], string> = { cuts: 'Cuts', editor: 'Editor', columns: 'Columns' };

/** As in the style sheet. */
const ONE_AT_A_TIME = '(max-width: 719px)';

/** One analysis: columns, cuts and text beside the plots. Where the page is narrow, one at a time. */
export default function Explore() {
  const [tab, setTab] = useState<Tab>('shown');
  const problems = useExplorer((s) => s.problems.length);
  const wanted = useExplorer((s) => s.wantedPlot);
  const { shows, show } = useShows();
  const { setPane } = useActions();
  const accessFor = useExplorer((s) => s.accessFor);
  const isOld = useExplorer((s) => s.files.some((set) => set.some((f) => f.summary?.file.asOf !== undefined)));
  const settled = useSettled();
  const hasSliders = useExplorer((s) => (s.document?.sliders?.length ?? 0) > 0);
  useEffect(() => {
    // Where one part fills the page, a column that became a plot would change nothing in sight.
    if (wanted && matchMedia(ONE_AT_A_TIME).matches) setTab('shown');
  }, [wanted]);
  useEffect(() => {
    // The plots' library comes in beside the data; a plot that needs it tries again and says if it can't be had.
    loadPlotly().catch(() => undefined);
  }, []);
  return (
    <div className={styles.view} data-tab={tab}>
      <SkipLink to="plots">Skip to the plots</SkipLink>
      <Header />
      <ProgressLine />
      <nav className={styles.tabs} aria-label="Parts of the page">
        {shows.map((name) => (
          <button
            key={name}
            type="button"
            data-name="shown"
            aria-pressed={tab === 'shown' && show === name}
            onClick={() => {
              setTab('shown');
              setPane({ show: name });
            }}
          >
            {SHOW_NAMES[name]}
          </button>
        ))}
        {TABS.map((name) => (
          <button key={name} type="button" data-name={name} aria-pressed={tab === name} onClick={() => setTab(name)}>
            {NAMES[name]}
            {name === 'editor' && problems > 0 && <span className={styles.badge}>{problems}</span>}
          </button>
        ))}
      </nav>
      <main className={styles.panes}>
        <div className={styles.columns} data-pane="columns">
          <ColumnTree />
        </div>
        <div className={styles.work}>
          <div className={styles.cuts} data-pane="cuts">
            <CutTable />
          </div>
          <div className={styles.editor} data-pane="editor">
            <AnalysisPanel />
          </div>
        </div>
        <div className={styles.shown} data-pane="shown">
          <PaneSwitch />
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
          <div className={styles.plots} id="plots" tabIndex={0} role="region" aria-label={SHOW_NAMES[show]}>
            <h2 className="visually-hidden">{SHOW_NAMES[show]}</h2>
            {show === 'plots' && <About />}
            <div className={styles.notices}>
              <TourOffer />
              <Arrival />
              <Gate edits />
              {isOld && (
                <Suspense>
                  <OfflineNotice />
                </Suspense>
              )}
              <RunNotices keys />
            </div>
            {hasSliders && show === 'plots' && (
              <div className={styles.sliders}>
                <Suspense>{settled && <Sliders />}</Suspense>
              </div>
            )}
            {show === 'plots' && <PlotGrid />}
            {show === 'explanation' && (
              <Suspense>
                <Explanation />
              </Suspense>
            )}
            {show === 'plan' && (
              <Suspense>
                <PlanPane />
              </Suspense>
            )}
            {show === 'n-1' && (
              <Suspense>
                <NMinusOnePane />
              </Suspense>
            )}
            {show === 'events' && (
              <Suspense>
                <EventsPane />
              </Suspense>
            )}
            {show === 'sql' && (
              <Suspense>
                <SqlPane />
              </Suspense>
            )}
          </div>
        </div>
      </main>
      <StatusBar />
      {accessFor !== undefined && (
        <Suspense>
          <AccessDialog />
        </Suspense>
      )}
    </div>
  );
}

/** What the document says of itself; with its title, which the head of a narrow page cuts short. */
function About() {
  const title = useExplorer((s) => s.document?.title);
  const description = useExplorer((s) => s.document?.description?.trim());
  return (
    <div className={styles.about}>
      <div className={styles.label}>
        {title && <span aria-hidden="true">{title}</span>} <Simulated />
      </div>
      {description && <p>{description}</p>}
    </div>
  );
}
