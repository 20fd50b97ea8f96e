import { Menu } from '@mantine/core';
import type { NamedHistogram } from '../../core/hist/datasets.ts';
import { EXPORT_FORMATS, type ExportFormat, whyNot } from '../../core/hist/exportFormats.ts';

const FORMATS = Object.keys(EXPORT_FORMATS) as ExportFormat[];

/**
 * Items of a menu that save histograms in every format: a single one, or where there is a `title` all of them, which
 * is the name of their file then.
 */
export function SaveItems({ histograms, title }: { histograms: readonly NamedHistogram[]; title?: string }) {
  const save = async (format: ExportFormat) => {
    const { saveHistogram, saveHistograms } = await import('../plots/saveHistograms.ts');
    if (title !== undefined) saveHistograms(histograms, format, title);
    else saveHistogram(histograms[0]!, format);
  };
  return FORMATS.map((format) => {
    const reasons = histograms.map(({ histogram }) => whyNot(histogram, format));
    const { label, together } = EXPORT_FORMATS[format];
    return (
      <Menu.Item
        key={format}
        disabled={reasons.every((reason) => reason !== undefined)}
        title={reasons[0]}
        onClick={() => void save(format)}
      >
        Save {label}
        {title !== undefined && !together && ' (zip)'}
      </Menu.Item>
    );
  });
}
