import { looksCertified, readCertifiedRuns } from '../../core/analysis/lumis.ts';
import { LumiscopeError, toPlain } from '../../core/errors.ts';
import { formatCount } from '../numbers.ts';
import type { Workshop } from './types.ts';

/** CMS publishes its lists as `…_JSON.txt`. */
const NAME = /\.(json|txt)$/i;
const LONGEST = 10_000_000;

/** Whether a dropped file is a list of certified runs. */
export async function isCertifiedFile(file: File): Promise<boolean> {
  return NAME.test(file.name) && looksCertified(await file.slice(0, 200).text());
}

/**
 * Makes a dropped list the `lumis` of the open document, and says so; an error is shown in the same place.
 * `edit` changes the document, and returns why it can't be.
 */
export async function takeCertified(shop: Workshop, edit: CertifiedEdit, file: File): Promise<void> {
  const { store } = shop;
  const what = file.name;
  try {
    if (!store.getState().opened)
      throw new LumiscopeError('document', `${what} is a list of certified runs: it goes with data`, {
        hint: 'open data or an analysis first, or drop both together',
      });
    if (file.size > LONGEST) throw new LumiscopeError('limit', `${what} is too long for a list of certified runs`);
    const lumis = readCertifiedRuns(await file.text());
    const suggests = shop.suggestFor === store.getState().text;
    const error = edit([{ kind: 'setLumis', lumis }]);
    // Data that came along still get their first histograms.
    if (suggests) shop.suggestFor = store.getState().text;
    if (error) return store.setState({ arrival: { what, error } });
    const ranges = lumis.reduce((sum, { blocks }) => sum + blocks.length, 0);
    const note = `${what}: only events of ${counted(lumis.length, 'certified run')} (${counted(ranges, 'range')} of luminosity blocks) count now`;
    store.setState({ arrival: { what, note } });
  } catch (error) {
    store.setState({ arrival: { what, error: toPlain(error) } });
  }
}

function counted(n: number, what: string): string {
  return `${formatCount(n)} ${what}${n === 1 ? '' : 's'}`;
}

type CertifiedEdit = (
  edits: [{ kind: 'setLumis'; lumis: ReturnType<typeof readCertifiedRuns> }],
) => ReturnType<typeof toPlain> | undefined;
