import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { Arrival } from '../components/Arrival.tsx';
import { Gate } from '../components/Gate.tsx';
import { Logo } from '../components/Logo.tsx';
import { Markdown } from '../components/Markdown.tsx';
import { Message } from '../components/Message.tsx';
import { PlotGrid } from '../components/PlotGrid.tsx';
import { ProgressLine } from '../components/RunControls.tsx';
import { RunNotices } from '../components/RunNotices.tsx';
import { Simulated } from '../components/Simulated.tsx';
import { useSettled } from '../components/useSettled.ts';
import { formatCount } from '../numbers.ts';
import { loadPlotly } from '../plots/plotly.ts';
import { useContextual, useExplorer } from '../store/context.tsx';
import styles from './Present.module.css';
import { PresentSources } from './PresentSources.tsx';
import { useHeightMessages } from './presentHeight.ts';

const Explanation = lazy(() => import('../components/Explanation.tsx'));
const PlotTools = lazy(() => import('../brush/PlotTools.tsx'));
const Sliders = lazy(() => import('../components/Sliders.tsx'));

/** One analysis to read: its title and text, its sliders and its plots. For outreach pages, also in a frame. */
export default function Present() {
  const page = useRef<HTMLDivElement>(null);
  const opened = useExplorer((s) => s.opened);
  const title = useExplorer((s) => s.document?.title);
  const description = useExplorer((s) => s.document?.description?.trim());
  const hasSliders = useExplorer((s) => (s.document?.sliders?.length ?? 0) > 0);
  const hasPlots = useExplorer((s) => (s.document?.histograms.length ?? 0) > 0);
  const settled = useSettled();
  useHeightMessages(page);
  useEffect(() => {
    // Beside the data; a plot that needs it tries again and says if it can't be had.
    loadPlotly().catch(() => undefined);
  }, []);
  return (
    <div className={styles.page} ref={page}>
      <div className={styles.progress}>
        <ProgressLine />
      </div>
      <main className={styles.main}>
        <header className={styles.head}>
          <h1 className={styles.title}>{title ?? (opened ? 'Analysis' : 'Lumiscope')}</h1>
          <Simulated />
          <PublicationLabel />
        </header>
        {description && <Markdown className={styles.text} text={description} />}
        <div className={styles.notices}>
          <Arrival />
          {opened && <Gate />}
          {opened && <RunNotices />}
          <NothingOpen />
        </div>
        {hasSliders && (
          <Suspense fallback={<div className={styles.sliders} />}>
            <div className={styles.sliders}>
              <Sliders />
            </div>
          </Suspense>
        )}
        {hasPlots && (
          <section aria-labelledby="plots">
            <h2 className="visually-hidden" id="plots">
              Plots
            </h2>
            {settled && (
              <Suspense>
                <PlotTools />
              </Suspense>
            )}
            <PlotGrid presented />
          </section>
        )}
        <HowItWorks />
      </main>
      <Foot />
    </div>
  );
}

/** Experiment and status as a paper's plots have them, then luminosity and energy. */
function PublicationLabel() {
  const publication = useExplorer((s) => s.document?.publication);
  if (!publication) return null;
  const { experiment, status, luminosity, energy } = publication;
  const conditions = [luminosity, energy && (luminosity ? `(${energy})` : energy)].filter(Boolean).join(' ');
  return (
    <p className={styles.publication}>
      {experiment && <b>{experiment}</b>} {status && <i>{status}</i>} {conditions}
    </p>
  );
}

/** The page that explains the analysis, where it has one: opened, and fetched, on wish. */
function HowItWorks() {
  const explained = useExplorer((s) => s.document?.explanation !== undefined);
  const [open, setOpen] = useState(false);
  if (!explained) return null;
  return (
    <details className={styles.explanation} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>How it works</summary>
      {open && (
        <Suspense>
          <Explanation />
        </Suspense>
      )}
    </details>
  );
}

/** The address names no analysis, or what it named did not arrive. */
function NothingOpen() {
  const opened = useExplorer((s) => s.opened);
  const arrival = useExplorer((s) => s.arrival);
  if (opened || arrival) return null;
  return (
    <Message
      kind="note"
      title="This address holds no analysis"
      hint="It needs one behind #a= or ?doc=, as the explorer's Share menu writes it."
    />
  );
}

function Foot() {
  const { base } = useContextual();
  const link = useExplorer((s) => s.link);
  return (
    <footer className={styles.foot}>
      <PresentSources />
      <div className={styles.row}>
        <State />
        <a className={styles.open} href={base + link} target="_blank" rel="noopener">
          <Logo size={14} />
          Open in Lumiscope
        </a>
      </div>
    </footer>
  );
}

/** How far the plots are filled. */
function State() {
  const phase = useExplorer((s) => s.phase);
  const progress = useExplorer((s) => s.progress);
  const events = useExplorer((s) => s.result?.eventsRead);
  const opened = useExplorer((s) => s.opened);
  const text = !opened
    ? ''
    : phase === 'running' && progress
      ? `${formatCount(progress.events)} of ${formatCount(progress.totalEvents)} events`
      : phase === 'opening' || phase === 'planning'
        ? 'Opening the data…'
        : phase === 'done' && events !== undefined
          ? `${formatCount(events)} events, computed on this device`
          : '';
  return (
    <span role="status" className={styles.state}>
      {text}
    </span>
  );
}
