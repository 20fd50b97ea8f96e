/** Where moved sliders stood at first, behind the document in a link: `&from=ptmin:25,etamax:2.4`. */
import type { AnalysisDocument } from '../../core/analysis/document.ts';
import { sliderValue } from '../../core/analysis/slider.ts';

type Starts = Readonly<Record<string, number>>;

/** The starts of a document's sliders: those that are known, and for the others where they stand now. */
export function startsOf({ sliders = [], define }: AnalysisDocument, known: Starts): Starts {
  return Object.fromEntries(
    sliders.flatMap((slider) => {
      const start = Object.hasOwn(known, slider.name) ? known[slider.name] : sliderValue(slider, define);
      return start === undefined ? [] : [[slider.name, start]];
    }),
  );
}

/** The parameter for sliders that stand elsewhere than at first; empty if none does. */
export function formatStarts(starts: Starts, { sliders = [], define }: AnalysisDocument): string {
  const moved = sliders.filter((s) => starts[s.name] !== undefined && starts[s.name] !== sliderValue(s, define));
  // Names of definitions need no coding.
  return moved.length > 0 ? `&from=${moved.map(({ name }) => `${name}:${starts[name]}`).join(',')}` : '';
}

/** The starts that a hash holds. */
export function parseStarts(hash: string): Starts {
  const list = /&from=([^&]*)/.exec(hash)?.[1] ?? '';
  return Object.fromEntries(
    list.split(',').flatMap((entry) => {
      const [name = '', value = ''] = entry.split(':');
      const start = Number(value || Number.NaN);
      return name !== '' && Number.isFinite(start) ? [[name, start]] : [];
    }),
  );
}

/** A link that starts where it stands: without the starts of its sliders. */
export function withoutStarts(link: string): string {
  return link.replace(/&from=[^&]*/, '');
}
