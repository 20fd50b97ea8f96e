import { Menu, useComputedColorScheme } from '@mantine/core';
import { lazy, memo, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { AxisSpec, FitSpec, HistogramSpec } from '../../core/analysis/document.ts';
import { toPlain } from '../../core/errors.ts';
import { type Axis, hasUnderflow } from '../../core/hist/axis.ts';
import { axisEdges } from '../../core/hist/edges.ts';
import type { Histogram } from '../../core/hist/histogram.ts';
import { statistics } from '../../core/hist/statistics.ts';
import { usePlotBrush } from '../brush/usePlotBrush.tsx';
import { useUnbrushed } from '../brush/useUnbrushed.ts';
import { formatCount, formatNumber } from '../numbers.ts';
import { fitsOver, isStacked, type Named } from '../plots/curves.ts';
import { copyNumbers } from '../plots/export.ts';
import { type Drawing, drawingOf, figureOf, hasPanel, whatIsCounted } from '../plots/figure.ts';
import { fitLines, fitTargets } from '../plots/fits.ts';
import { axisTitle, flat } from '../plots/labels.ts';
import { PlotCanvas } from '../plots/PlotCanvas.tsx';
import { INK } from '../plots/palette.ts';
import { shownHistogram } from '../plots/savedPlots.ts';
import { axesShown, eventAxes } from '../plots/shown.ts';
import { sentence } from '../sentence.ts';
import { useActions, useContextual, useExplorer } from '../store/context.tsx';
import { effectiveView, type ViewChange } from '../store/plotView.ts';
import { BinReader } from './BinReader.tsx';
import { CrossPicker } from './CrossPicker.tsx';
import { Label } from './Label.tsx';
import styles from './PlotCard.module.css';
import { PlotMenu } from './PlotMenu.tsx';
import { SaveItems } from './SaveItems.tsx';
import { StatisticsBox } from './StatisticsBox.tsx';
import { useCutLines } from './useCutLines.tsx';
import { useFits } from './useFits.ts';

const BinningPanel = lazy(() => import('./BinningPanel.tsx'));
const FitBox = lazy(() => import('./FitBox.tsx'));
const SaveFigure = lazy(() => import('./SaveFigure.tsx'));
const FitPanel = lazy(() => import('./FitPanel.tsx'));

/** What the panel for fits starts with. */
const FIRST_FIT: FitSpec = { peak: 'gaussian', background: 1 };
const NO_FITS: readonly FitSpec[] = [];
const NONE: readonly Named[] = [];

interface Props {
  spec: HistogramSpec;
  histogram?: Histogram;
  perItem: boolean;
  /** The histogram belongs to an older text. */
  stale: boolean;
  /** What is wrong with it in the text. */
  wrong?: string;
  /** Drawn over it in any case: the same histogram of other results. */
  over?: readonly Named[];
  /** The document can't be changed here; how the plot looks can. */
  readOnly?: boolean;
  /** It is there to be looked at and saved: the menu offers no more. */
  presented?: boolean;
  /** A part of it can be marked, which the other plots follow. */
  brushable?: boolean;
}

/** One histogram: its title, statistics and plot, and a menu to change or save them. */
export const PlotCard = memo(function PlotCard({
  spec,
  histogram,
  perItem,
  stale,
  wrong,
  over = NONE,
  readOnly,
  presented,
  brushable = false,
}: Props) {
  const { edit, setView } = useActions();
  const change = useExplorer((s) => s.views[spec.name]);
  const view = useMemo(() => effectiveView(spec.view, change), [spec.view, change]);
  const scheme = useComputedColorScheme('light');
  const card = useRef<HTMLElement>(null);
  const wanted = useExplorer((s) => (s.wantedPlot?.name === spec.name ? s.wantedPlot : undefined));
  useEffect(() => {
    if (!wanted) return;
    // In the next frame: the plots may be about to take the place of another part of the page.
    const frame = requestAnimationFrame(() => {
      card.current?.scrollIntoView({ block: 'nearest' });
      card.current?.animate([{ borderColor: 'var(--accent)' }, {}], 1500);
    });
    return () => cancelAnimationFrame(frame);
  }, [wanted]);
  const [mark, setMark] = useState<number>();
  const [panel, setPanel] = useState<'bins' | 'fit'>();
  const title = spec.title ?? spec.name;
  const name = flat(title);
  const others = useOthers(spec.name);
  const comparable = useMemo(
    () => others.filter((o) => histogram && fitsOver(histogram, o.histogram)),
    [others, histogram],
  );
  const { live: numbers, actions, store } = useContextual();
  const drawingNow = useCallback(
    (histogram: Histogram, now: (name: string) => Histogram | undefined, all?: Histogram) => {
      const chosen = view.overlay.flatMap((wanted) => comparable.filter((o) => o.name === wanted));
      const overlays = chosen.map((o) => ({ ...o, histogram: now(o.name) ?? o.histogram }));
      return drawingOf({ title, histogram }, [...over, ...overlays], view, all);
    },
    [view, comparable, over, title],
  );
  const all = useUnbrushed(spec.name);
  const drawing = useMemo(() => histogram && drawingNow(histogram, () => undefined, all), [histogram, drawingNow, all]);
  const [draft, setDraft] = useState(FIRST_FIT);
  const specs = useMemo(
    () => (panel === 'fit' ? [...(spec.fits ?? []), draft] : (spec.fits ?? NO_FITS)),
    [spec.fits, draft, panel],
  );
  const targets = useMemo(() => (histogram ? fitTargets(histogram, view.stack) : []), [histogram, view.stack]);
  const complete = useExplorer((s) => s.result?.complete === true);
  const fits = useFits(targets, specs, complete && !stale);
  const lines = useMemo(() => fits.flatMap((fit) => fitLines(fit, view)), [fits, view]);
  const what = histogram ? whatIsCounted(spec, histogram, perItem) : '';
  const band = panel === 'fit' ? draft.range : undefined;
  const style = useMemo(() => ({ ink: INK[scheme], fontSize: 11, legend: false, mark, band }), [scheme, mark, band]);
  const figure = useCallback(() => figureOf(drawing!, view, style, what, lines), [drawing, view, style, what, lines]);
  const live = useMemo(() => {
    const shown = (name: string) => numbers.shown(name);
    // While something is dragged, the curves are an outline behind what is left of them.
    const behind = drawing?.kind === 'curves' ? (drawing.behind ?? drawing.curves.filter((c) => !c.over)) : undefined;
    return { name: spec.name, drawing: (h: Histogram) => ({ behind, ...drawingNow(h, shown) }), view, style };
  }, [spec.name, drawing, drawingNow, numbers, view, style]);
  const [saving, setSaving] = useState(false);
  const onView = useCallback((change: ViewChange) => setView(spec.name, change), [setView, spec.name]);
  const onRange = useCallback(
    (range: [number, number] | 'all') => {
      if (panel !== 'fit') onView({ range });
      else setDraft(({ range: _, ...fit }) => (range === 'all' ? fit : { ...fit, range }));
    },
    [onView, panel],
  );
  const drawn = histogram ? axesShown(histogram, view) : { x: 0 };
  const { x } = drawn;
  const cutLines = useCutLines(spec, drawn, readOnly);
  const brushing = usePlotBrush(spec, drawn, name, !brushable || panel === 'fit');
  const axis = histogram && eventAxes(histogram)[x];
  const useBins = (axis: AxisSpec) => {
    const { rebin: _, range: __, ...kept } = spec.view ?? {};
    const { view: ___, ...rest } = spec;
    const axes = spec.axes.with(x, axis);
    const next = { ...rest, axes, ...(Object.keys(kept).length > 0 && { view: kept }) };
    if (!edit([{ kind: 'setHistogram', name: spec.name, spec: next }])) onView({ rebin: 1, range: 'all' });
  };
  const setFits = (fits: FitSpec[]) => {
    const { fits: _, ...rest } = spec;
    edit([{ kind: 'setHistogram', name: spec.name, spec: { ...rest, ...(fits.length > 0 && { fits }) } }]);
  };
  return (
    <article ref={card} className={`${styles.card} ${stale ? styles.stale : ''}`} aria-label={name}>
      <div className={styles.head}>
        <h3 className={styles.title} title={name}>
          <Label text={title} />
        </h3>
        {stale && histogram && (
          <span className={styles.flag} title="The plot belongs to the text before the last change">
            older text
          </span>
        )}
        {brushing.chip}
        <button
          type="button"
          className={styles.scale}
          aria-pressed={view.log}
          title={drawing?.kind === 'map' ? 'Logarithmic colours' : 'Logarithmic y axis'}
          onClick={() => onView({ log: !view.log })}
        >
          log
        </button>
        <PlotMenu
          name={name}
          view={view}
          onView={onView}
          map={drawing?.kind === 'map'}
          many={drawing?.kind === 'curves' && drawing.curves.length > 1}
          others={comparable}
          readOnly={presented}
        >
          {!presented && (
            <>
              <Menu.Item disabled={!axis || !hasUnderflow(axis)} onClick={() => setPanel('bins')}>
                Bins and range…
              </Menu.Item>
              {!readOnly && (
                <Menu.Item disabled={targets.length === 0} onClick={() => setPanel('fit')}>
                  Fit…
                </Menu.Item>
              )}
              <Menu.Divider />
            </>
          )}
          {brushable && (
            <Menu.Item disabled={!histogram} onClick={brushing.start}>
              Brush
            </Menu.Item>
          )}
          <Menu.Item disabled={!histogram} onClick={() => setSaving(true)}>
            Save figure…
          </Menu.Item>
          <SaveItems histograms={histogram ? [{ name: spec.name, histogram }] : []} />
          <Menu.Item
            disabled={!histogram}
            onClick={() =>
              void copyNumbers(actions.exact().then((state) => shownHistogram(state, spec.name)!)).catch((error) =>
                store.setState({ arrival: { what: 'the numbers', error: toPlain(error) } }),
              )
            }
          >
            Copy numbers
          </Menu.Item>
          {!readOnly && (
            <>
              <Menu.Divider />
              <Menu.Item color="red" onClick={() => edit([{ kind: 'removeHistogram', name: spec.name }])}>
                Remove
              </Menu.Item>
            </>
          )}
        </PlotMenu>
      </div>
      {saving && (
        <Suspense>
          <SaveFigure name={spec.name} onClose={() => setSaving(false)} />
        </Suspense>
      )}
      {wrong && (
        <p className={styles.wrong} role="alert">
          {sentence(wrong)}
        </p>
      )}
      {histogram && drawing ? (
        <>
          <CrossPicker
            histogram={histogram}
            map={drawing.kind === 'map' ? drawing.histogram : undefined}
            view={view}
            onChange={onView}
          />
          {drawing.kind === 'curves' && (
            <StatisticsBox curves={drawing.curves} flow={view.flow} filled={isStacked(drawing.curves, view)} />
          )}
          {panel === 'bins' && axis && spec.axes[x] && (
            <Suspense>
              <BinningPanel
                axis={axis}
                spec={spec.axes[x]}
                view={view}
                onView={onView}
                onUse={readOnly || drawing.kind === 'map' ? undefined : useBins}
                onClose={() => setPanel(undefined)}
              />
            </Suspense>
          )}
          {panel === 'fit' && axis && (
            <Suspense>
              <FitPanel
                fit={draft}
                whole={ends(axis)}
                unit={axis.unit}
                onChange={setDraft}
                onAdd={() => {
                  setFits([...(spec.fits ?? []), draft]);
                  setPanel(undefined);
                }}
                onClose={() => setPanel(undefined)}
              />
            </Suspense>
          )}
          {fits.length > 0 && (
            <Suspense>
              <FitBox
                fits={fits}
                title={name}
                unit={axis?.unit}
                kept={spec.fits?.length ?? 0}
                onRemove={readOnly ? undefined : (index) => setFits(spec.fits!.filter((_, i) => i !== index))}
              />
            </Suspense>
          )}
          {/* biome-ignore lint/a11y/noStaticElementInteractions: keys of the plot's parts come through here */}
          <div className={styles.plot} onKeyDown={brushing.keys}>
            <PlotCanvas
              figure={figure}
              label={description(name, drawing)}
              zoomKey={`${JSON.stringify(spec.axes)}${JSON.stringify({ ...view, range: undefined })}`}
              tall={hasPanel(drawing, view)}
              onRange={onRange}
              live={live}
              over={(area) => (
                <>
                  {brushing.over(area)}
                  {cutLines?.(area)}
                </>
              )}
            />
            {drawing.kind === 'curves' && (
              <BinReader curves={drawing.curves} view={view} label={name} mark={mark} onMark={setMark} />
            )}
          </div>
        </>
      ) : (
        <div className={styles.empty}>{wrong ? '' : 'Not filled yet'}</div>
      )}
    </article>
  );
});

/** Where an axis begins and ends. */
function ends(axis: Axis): [number, number] {
  const edges = axisEdges(axis);
  return [edges[0]!, edges.at(-1)!];
}

/** The other histograms of the document that are filled, with what people call them. */
function useOthers(name: string): (Named & { name: string })[] {
  const histograms = useExplorer((s) => s.result?.histograms);
  const specs = useExplorer((s) => s.document?.histograms);
  return useMemo(
    () =>
      (specs ?? []).flatMap((spec) => {
        const histogram = histograms?.find((h) => h.name === spec.name)?.histogram;
        return histogram && spec.name !== name ? [{ name: spec.name, title: spec.title ?? spec.name, histogram }] : [];
      }),
    [histograms, specs, name],
  );
}

/** The plot in words, for those who don't see it. */
function description(title: string, drawing: Drawing): string {
  if (drawing.kind === 'map') {
    const [x, y] = drawing.histogram.axes;
    const entries = formatCount(drawing.histogram.entries);
    return `Heat map of ${flat(axisTitle(x!))} and ${flat(axisTitle(y!))}: ${entries} entries`;
  }
  const { histogram } = drawing.curves[0]!;
  const what = `Histogram ${title} of ${flat(axisTitle(histogram.axes[0]!))}: ${formatCount(histogram.entries)} entries`;
  if (drawing.curves.length > 1) return `${what}, ${drawing.curves.map((c) => flat(c.name)).join(' and ')}`;
  const { mean, standardDeviation } = statistics(histogram);
  if (mean === undefined) return what;
  return `${what}, mean ${formatNumber(mean)}, standard deviation ${formatNumber(standardDeviation ?? 0)}`;
}
