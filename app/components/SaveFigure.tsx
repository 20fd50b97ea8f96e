import { Button } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { safeName } from '../plots/export.ts';
import { type FigureWords, figureSvg } from '../plots/print/figureSvg.ts';
import { type FigureFormat, fileOf, loadPdfFont, PDF_FONT } from '../plots/print/formats.ts';
import { pageSvg } from '../plots/print/page.ts';
import { printables } from '../plots/print/printable.ts';
import { saveBlob } from '../save.ts';
import { useContextual } from '../store/context.tsx';
import { Dialog } from './Dialog.tsx';
import styles from './SaveFigure.module.css';
import { isSimulated } from './Simulated.tsx';

interface Props {
  /** Name of a histogram; without one, all plots go on a page. */
  name?: string;
  onClose: () => void;
}

/** Widths of figures: those of a column and of a page of two in most journals, 86 and 178 mm. */
const SIZES = {
  single: { width: 325, height: 260, fontSize: 10.5 },
  double: { width: 673, height: 460, fontSize: 14 },
} as const;

interface Choice {
  format: FigureFormat;
  size: keyof typeof SIZES;
  title: boolean;
}

/** What was chosen last, for the next figure. */
let last: Choice = { format: 'pdf', size: 'double', title: false };

/** How a figure is saved: as what, how large, with what in it. Shows it as it will be. Goes away with Esc. */
export default function SaveFigure({ name, onClose }: Props) {
  const { store, actions } = useContextual();
  const dialog = useRef<HTMLDialogElement>(null);
  const [choice, setChoice] = useState(last);
  const [preview, setPreview] = useState<string>();
  const [failed, setFailed] = useState<string>();
  const [busy, setBusy] = useState(false);
  const change = (to: Partial<Choice>) => {
    last = { ...choice, ...to };
    setChoice(last);
  };

  const drawn = async ({ format, size, title }: Choice): Promise<SVGSVGElement> => {
    if (format === 'pdf') await loadPdfFont();
    const state = await actions.exact();
    const words: FigureWords = {
      publication: state.document?.publication ?? {},
      ...(isSimulated(state) && { note: 'Simulated data' }),
      title: title || name === undefined,
      ...(format === 'pdf' && { font: PDF_FONT }),
    };
    const plots = printables(state);
    if (name === undefined) return pageSvg(plots, words);
    const plot = plots.find((p) => p.name === name)!;
    const { width, height, fontSize } = SIZES[size];
    return figureSvg(plot, { width, height: Math.round(height * (plot.tall ? 1.2 : 1)), fontSize }, words);
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: drawn anew for each choice; the plots stay as they are while it is open
  useEffect(() => {
    let url: string | undefined;
    let gone = false;
    drawn(choice)
      .then((svg) => fileOf(svg, 'svg'))
      .then(
        (blob) => {
          if (gone) return;
          url = URL.createObjectURL(blob);
          setPreview(url);
        },
        (error: unknown) => !gone && setFailed(String(error)),
      );
    return () => {
      gone = true;
      if (url) URL.revokeObjectURL(url);
    };
  }, [choice]);

  const save = async () => {
    setBusy(true);
    try {
      const blob = await fileOf(await drawn(choice), choice.format);
      const title = name ?? store.getState().document?.title ?? 'plots';
      saveBlob(`${safeName(title)}.${choice.format}`, blob);
      dialog.current?.close();
    } catch (error) {
      setFailed(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };
  const heading = name === undefined ? 'Save all plots' : 'Save figure';
  return (
    <Dialog dialog={dialog} className={styles.dialog} aria-label={heading} onClose={onClose}>
      <div className={styles.content}>
        <h2>{heading}</h2>
        <div className={styles.choices}>
          <Choices
            legend="Format"
            options={{ pdf: 'PDF', svg: 'SVG', png: 'PNG' }}
            value={choice.format}
            onChange={(format) => change({ format })}
          />
          {name !== undefined && (
            <Choices
              legend="Width"
              options={{ single: 'one column', double: 'two columns' }}
              value={choice.size}
              onChange={(size) => change({ size })}
            />
          )}
          {name !== undefined && (
            <label>
              <input
                type="checkbox"
                checked={choice.title}
                onChange={(event) => change({ title: event.target.checked })}
              />{' '}
              Title over the plot
            </label>
          )}
        </div>
        <div className={styles.preview}>
          {preview && <img src={preview} alt={name === undefined ? 'The page' : 'The figure'} />}
        </div>
        {failed && (
          <p role="alert" className={styles.failed}>
            The figure could not be made: {failed}
          </p>
        )}
        <p className={styles.hint}>
          The words over the plot come from the document: <code>publication:</code> with experiment, status, luminosity
          and energy.
        </p>
        <div className={styles.buttons}>
          <Button variant="default" onClick={() => dialog.current?.close()}>
            Cancel
          </Button>
          <Button loading={busy} onClick={() => void save()}>
            Save {choice.format.toUpperCase()}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

function Choices<T extends string>({
  legend,
  options,
  value,
  onChange,
}: {
  legend: string;
  options: Record<T, string>;
  value: T;
  onChange: (value: T) => void;
}) {
  return (
    <fieldset>
      <legend>{legend}</legend>
      {(Object.entries(options) as [T, string][]).map(([key, label]) => (
        <label key={key}>
          <input type="radio" name={legend} checked={key === value} onChange={() => onChange(key)} /> {label}
        </label>
      ))}
    </fieldset>
  );
}
