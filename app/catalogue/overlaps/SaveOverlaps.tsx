import { Button, Menu } from '@mantine/core';
import { overlapBytes } from '../../../core/catalogue/overlapBytes.ts';
import { type KnownCounts, matrixCsv, overlapsJson, pairsCsv } from '../../../core/catalogue/overlapFiles.ts';
import { saveBlob, saveText } from '../../save.ts';
import { useCatalogue } from '../context.ts';
import { heatFigure, pngOf } from './heatFigure.ts';
import type { MatrixCells, MatrixChoice } from './matrixCells.ts';

interface Props {
  counts: KnownCounts;
  order: readonly number[];
  choice: MatrixChoice;
  cells: MatrixCells;
  sizes: readonly (number | undefined)[];
}

/** Counts and figure as files. */
export function SaveOverlaps({ counts, order, choice, cells, sizes }: Props) {
  const { manifest } = useCatalogue();
  const { records, inExactly, duplicates } = counts;
  const json = () =>
    overlapsJson(
      counts,
      records && inExactly && duplicates !== undefined
        ? overlapBytes({ ...counts, records, inExactly, duplicates }, sizes)
        : undefined,
    );
  const figure = () => heatFigure(cells, choice, manifest.simulated && 'Simulated data');
  return (
    <Menu>
      <Menu.Target>
        <Button variant="default" size="compact-xs">
          Save
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => saveText('overlaps.csv', pairsCsv(counts), 'text/csv')}>Pairs as CSV</Menu.Item>
        <Menu.Item onClick={() => saveText('overlap-matrix.csv', matrixCsv(counts, order, choice.measure), 'text/csv')}>
          Matrix as CSV
        </Menu.Item>
        <Menu.Item onClick={() => saveText('overlaps.json', json(), 'application/json')}>All counts as JSON</Menu.Item>
        <Menu.Divider />
        <Menu.Item onClick={() => saveText('overlaps.svg', figure(), 'image/svg+xml')}>Heat map as SVG</Menu.Item>
        <Menu.Item onClick={() => void pngOf(figure()).then((png) => saveBlob('overlaps.png', png))}>
          Heat map as PNG
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
