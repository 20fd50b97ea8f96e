import { Menu } from '@mantine/core';
import { type PlainError, toPlain } from '../../core/errors.ts';
import type { NamedHistogram } from '../../core/hist/datasets.ts';
import { EXPORT_FORMATS, type ExportFormat, whyNot } from '../../core/hist/exportFormats.ts';
import { shownHistogram } from '../plots/savedPlots.ts';
import { useContextual } from '../store/context.tsx';

const FORMATS = Object.keys(EXPORT_FORMATS) as ExportFormat[];

/**
 * Items of a menu that save histograms in every format: a single one, or where there is a `title` all of them, which
 * is the name of their file then.
 */
export function SaveItems({ histograms, title }: { histograms: readonly NamedHistogram[]; title?: string }) {
  const { store, actions } = useContextual();
  const save = async (format: ExportFormat) => {
    const { saveHistogram, saveHistograms } = await import('../plots/saveHistograms.ts');
    const state = await actions.exact();
    if (title !== undefined) return saveHistograms(state.result?.histograms ?? [], format, title);
    const [{ name }] = histograms as [NamedHistogram];
    saveHistogram({ name, histogram: shownHistogram(state, name)! }, format);
  };
  return FORMATS.map((format) => {
    const reasons = histograms.map(({ histogram }) => whyNot(histogram, format));
    const { label, together } = EXPORT_FORMATS[format];
    return (
      <Menu.Item
        key={format}
        disabled={reasons.every((reason) => reason !== undefined)}
        title={reasons[0]}
        onClick={() =>
          void save(format).catch((error) => store.setState({ arrival: { what: label, error: whyNotSaved(error) } }))
        }
      >
        Save {label}
        {title !== undefined && !together && ' (zip)'}
      </Menu.Item>
    );
  });
}

/** The part that writes files is loaded when it is needed first: without a network it may not come. */
function whyNotSaved(error: unknown): PlainError {
  if (!(error instanceof TypeError)) return toPlain(error);
  const message = "the part of the page that writes files can't be loaded";
  return { tag: 'source', message, hint: 'try again when this machine is online', place: {} };
}
