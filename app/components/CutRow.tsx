import { ActionIcon, Menu } from '@mantine/core';
import { IconDotsVertical, IconGripVertical } from '@tabler/icons-react';
import { type CSSProperties, type HTMLAttributes, lazy, type Ref, Suspense } from 'react';
import { formatCount, formatPercent, formatWithError } from '../numbers.ts';
import { sentence } from '../sentence.ts';
import { useActions } from '../store/context.tsx';
import styles from './CutTable.module.css';
import type { CutRowData, Figures } from './cutRows.ts';

const CutSliders = lazy(() => import('./CutSliders.tsx'));

export interface CutRowProps {
  row: CutRowData;
  /** Place among the cuts, from 0; negative for rows that are no cuts. */
  at: number;
  last: boolean;
  weighted: boolean;
  wrong?: string;
  /** What makes the row one that can be dragged. */
  drag?: Drag;
}

/** Of the library that sorts: where the row is, and what its handle listens to. */
export interface Drag {
  ref: Ref<HTMLTableRowElement>;
  style: CSSProperties;
  active: boolean;
  handle: HTMLAttributes<HTMLButtonElement> & { ref: Ref<HTMLButtonElement> };
}

/** One cut with its switch, its figures and its menu. */
export function CutRow({ row, at, last, weighted, wrong, drag }: CutRowProps) {
  const { cut } = row;
  const state = [cut?.enabled === false && styles.off, drag?.active && styles.dragged].filter(Boolean).join(' ');
  return (
    <tr ref={drag?.ref} style={drag?.style} className={state || undefined}>
      <th scope="row" className={styles.name}>
        {cut ? (
          <div className={styles.head}>
            <button
              type="button"
              className={styles.handle}
              aria-label={`Move ${cut.name}`}
              title="Drag, or press space and the arrow keys, to move this cut"
              {...drag?.handle}
            >
              <IconGripVertical size={14} aria-hidden />
            </button>
            <CutLabel row={row} wrong={wrong} />
            {drag && cut.enabled && (
              <Suspense>
                <CutSliders cut={cut} />
              </Suspense>
            )}
          </div>
        ) : (
          <span className={styles.all}>{row.certified ? <Certified wrong={wrong} /> : row.name}</span>
        )}
      </th>
      {row.figures.map((figures, k) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: data sets have places, and names that may change
        <FigureCells key={k} figures={figures} weighted={weighted} />
      ))}
      <td className={styles.more}>
        {cut ? <CutMenu name={cut.name} at={at} last={last} /> : row.certified && <CertifiedMenu />}
      </td>
    </tr>
  );
}

function CutLabel({ row: { cut }, wrong }: { row: CutRowData; wrong?: string }) {
  const { edit } = useActions();
  if (!cut) return null;
  return (
    <label className={styles.cut} title={cut.expression}>
      <input
        type="checkbox"
        checked={cut.enabled}
        onChange={(e) => edit([{ kind: 'setCutEnabled', name: cut.name, enabled: e.currentTarget.checked }])}
      />
      <span className={styles.words}>
        <span className={styles.label}>{cut.name}</span>
        <span className={styles.expression}>{cut.expression}</span>
        {wrong && <span className={styles.wrong}>{sentence(wrong)}</span>}
      </span>
    </label>
  );
}

/** The row of `lumis`, which is no cut that could be moved or switched off. */
function Certified({ wrong }: { wrong?: string }) {
  return (
    <span className={styles.words} title="Runs and luminosity blocks that the document's key lumis lists">
      <span className={styles.label}>certified runs</span>
      <span className={styles.source}>from lumis in the document</span>
      {wrong && <span className={styles.wrong}>{sentence(wrong)}</span>}
    </span>
  );
}

function CertifiedMenu() {
  const { edit } = useActions();
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon size={22} aria-label="Actions for certified runs">
          <IconDotsVertical size={14} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item color="red" onClick={() => edit([{ kind: 'setLumis', lumis: undefined }])}>
          Remove from the document
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function CutMenu({ name, at, last }: { name: string; at: number; last: boolean }) {
  const { edit } = useActions();
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon size={22} aria-label={`Actions for ${name}`}>
          <IconDotsVertical size={14} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item disabled={at === 0} onClick={() => edit([{ kind: 'moveCut', name, to: at - 1 }])}>
          Move up
        </Menu.Item>
        <Menu.Item disabled={last} onClick={() => edit([{ kind: 'moveCut', name, to: at + 1 }])}>
          Move down
        </Menu.Item>
        <Menu.Item color="red" onClick={() => edit([{ kind: 'removeCut', name }])}>
          Remove
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** What a row leaves of a data set. */
export function FigureCells({ figures, weighted }: { figures: Figures | undefined; weighted: boolean }) {
  const [sum, error] = figures ? formatWithError(figures.sumw, Math.sqrt(figures.sumw2)) : [];
  return (
    <>
      <td className={styles.first}>{figures && formatCount(figures.events)}</td>
      {weighted && (
        <td>
          {sum !== undefined && (
            <>
              {sum} <span className={styles.error}>± {error}</span>
            </>
          )}
        </td>
      )}
      <td>{figures?.step !== undefined && formatPercent(figures.step)}</td>
      <td>{figures?.total !== undefined && formatPercent(figures.total)}</td>
    </>
  );
}
