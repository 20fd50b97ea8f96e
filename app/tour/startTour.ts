import type { Explorer } from '../store/explorer.ts';
import { rememberTour } from '../store/remembered.ts';

const DEMO = 'examples/demo-dimuon.yaml';

/** Takes the tour as soon as there are plots to see: of what is open, or of the demo. */
export async function startTour({ store, actions }: Explorer): Promise<void> {
  if (!store.getState().opened) actions.openDocument(DEMO);
  await filled({ store });
  actions.setPane({ show: 'plots' });
  const first = store.getState().document?.histograms[0];
  // Where one part fills the page, this brings the plots to the front.
  if (first) actions.showPlot(first.name);
  const { takeTour } = await import('./tour.ts');
  await new Promise((resolve) => setTimeout(resolve, 100));
  takeTour(rememberTour);
}

function filled({ store }: Pick<Explorer, 'store'>): Promise<void> {
  return new Promise((resolve) => {
    const isFilled = () => store.getState().phase === 'done' || store.getState().arrival?.error !== undefined;
    if (isFilled()) return resolve();
    const stop = store.subscribe(() => {
      if (!isFilled()) return;
      stop();
      resolve();
    });
  });
}
