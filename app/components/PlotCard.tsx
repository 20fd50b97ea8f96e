import { ActionIcon, Menu, useComputedColorScheme } from '@mantine/core';
import { IconCheck, IconDotsVertical } from '@tabler/icons-react';
import { memo, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { HistogramSpec } from '../../core/analysis/document.ts';
import type { Histogram } from '../../core/hist/histogram.ts';
import { statistics } from '../../core/hist/statistics.ts';
import { formatCount, formatNumber } from '../numbers.ts';
import { copyNumbers, saveCsv, saveFigure, saveUhi } from '../plots/export.ts';
import { figureOf } from '../plots/figure.ts';
import { axisTitle, flat } from '../plots/labels.ts';
import { PlotCanvas } from '../plots/PlotCanvas.tsx';
import { INK } from '../plots/palette.ts';
import { datasetAxis } from '../plots/series.ts';
import { isMap, shown } from '../plots/shown.ts';
import { sentence } from '../sentence.ts';
import { useActions, useExplorer } from '../store/context.tsx';
import { effectiveView } from '../store/plotView.ts';
import { BinReader } from './BinReader.tsx';
import { CrossPicker } from './CrossPicker.tsx';
import { Label } from './Label.tsx';
import styles from './PlotCard.module.css';
import { isSimulated } from './Simulated.tsx';
import { StatisticsBox } from './StatisticsBox.tsx';

interface Props {
  spec: HistogramSpec;
  histogram?: Histogram;
  perItem: boolean;
  /** The histogram belongs to an older text. */
  stale: boolean;
  /** What is wrong with it in the text. */
  wrong?: string;
  /** The document can't be changed here; how the plot looks can. */
  readOnly?: boolean;
}

/** One histogram: its title, statistics and plot, and a menu to change or save them. */
export const PlotCard = memo(function PlotCard({ spec, histogram, perItem, stale, wrong, readOnly }: Props) {
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
  const counted = perItem ? 'Entries' : 'Events';
  const what =
    histogram?.storage === 'mean'
      ? `Mean of ${spec.sample}`
      : histogram?.storage === 'weighted'
        ? `Weighted ${counted.toLowerCase()}`
        : counted;
  const figure = useCallback(
    () => figureOf(histogram!, view, { ink: INK[scheme], fontSize: 11, legend: false, mark }, what),
    [histogram, view, scheme, what, mark],
  );
  const title = spec.title ?? spec.name;
  const name = flat(title);
  const two = histogram !== undefined && isMap(histogram, view);
  const drawn = useMemo(() => histogram && shown(histogram, view), [histogram, view]);
  const simulated = useExplorer(isSimulated);
  const print = () => {
    const note = simulated ? 'Simulated data' : undefined;
    return figureOf(histogram!, view, { ink: INK.print, fontSize: 14, legend: true, note }, what);
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
        <button
          type="button"
          className={styles.scale}
          aria-pressed={view.log}
          title={two ? 'Logarithmic colours' : 'Logarithmic y axis'}
          onClick={() => setView(spec.name, { log: !view.log })}
        >
          log
        </button>
        <Menu>
          <Menu.Target>
            <ActionIcon aria-label={`Menu of ${name}`}>
              <IconDotsVertical size={15} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<Tick on={view.log} />} onClick={() => setView(spec.name, { log: !view.log })}>
              {two ? 'Logarithmic colours' : 'Logarithmic y axis'}
            </Menu.Item>
            <Menu.Item leftSection={<Tick on={view.flow} />} onClick={() => setView(spec.name, { flow: !view.flow })}>
              Show overflow
            </Menu.Item>
            <Menu.Divider />
            <Menu.Item disabled={!histogram} onClick={() => void saveFigure(spec.name, print(), 'png')}>
              Save PNG
            </Menu.Item>
            <Menu.Item disabled={!histogram} onClick={() => void saveFigure(spec.name, print(), 'svg')}>
              Save SVG
            </Menu.Item>
            <Menu.Item disabled={!histogram} onClick={() => histogram && saveCsv(spec.name, histogram)}>
              Save CSV
            </Menu.Item>
            <Menu.Item disabled={!histogram} onClick={() => histogram && saveUhi(spec.name, histogram)}>
              Save UHI JSON
            </Menu.Item>
            <Menu.Item disabled={!histogram} onClick={() => histogram && void copyNumbers(histogram)}>
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
          </Menu.Dropdown>
        </Menu>
      </div>
      {wrong && (
        <p className={styles.wrong} role="alert">
          {sentence(wrong)}
        </p>
      )}
      {histogram && drawn ? (
        <>
          <CrossPicker histogram={histogram} drawn={drawn} view={view} onChange={(to) => setView(spec.name, to)} />
          {!two && <StatisticsBox histogram={drawn} flow={view.flow} />}
          <div className={styles.plot}>
            <PlotCanvas
              figure={figure}
              label={description(name, drawn, two)}
              zoomKey={`${JSON.stringify(spec.axes)}${JSON.stringify(view)}`}
            />
            {!two && <BinReader histogram={drawn} flow={view.flow} label={name} mark={mark} onMark={setMark} />}
          </div>
        </>
      ) : (
        <div className={styles.empty}>{wrong ? '' : 'Not filled yet'}</div>
      )}
    </article>
  );
});

function Tick({ on }: { on: boolean }) {
  return <span className={styles.tick}>{on && <IconCheck size={14} />}</span>;
}

/** The plot in words, for those who don't see it. */
function description(title: string, drawn: Histogram, map: boolean): string {
  if (map) {
    const [x, y] = drawn.axes;
    return `Heat map of ${flat(axisTitle(x!))} and ${flat(axisTitle(y!))}: ${formatCount(drawn.entries)} entries`;
  }
  const along = datasetAxis(drawn) ? 1 : 0;
  const { mean, standardDeviation } = statistics(drawn, along);
  const moments =
    mean === undefined
      ? ''
      : `, mean ${formatNumber(mean)}, standard deviation ${formatNumber(standardDeviation ?? 0)}`;
  return `Histogram ${title} of ${flat(axisTitle(drawn.axes[along]!))}: ${formatCount(drawn.entries)} entries${moments}`;
}
