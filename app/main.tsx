import { createRoot } from 'react-dom/client';
import { createBrowserSession } from '../workers/browserSession.ts';
import { App, preload, viewOf } from './App.tsx';
import { memoryBudgetOf } from './memoryBudget.ts';
import { followAddressBar, showLink } from './store/addressBar.ts';
import { createExplorer } from './store/explorer.ts';
import { presentationOf } from './store/presentation.ts';
import './styles/mantine.ts';
import './styles/base.css';

const base = location.href.replace(/[?#].*$/, '');
const presentation = presentationOf(location.search);
const opens = location.hash || location.search ? 'Explore' : 'Start';
preload(presentation ? 'Present' : (viewOf(location.hash) ?? opens));
const explorer = createExplorer({
  // An embedded page needs no storage, and keeps nothing.
  session: createBrowserSession({
    cache: presentation ? undefined : 'browser',
    memoryBudget: memoryBudgetOf(location.search),
  }),
  base,
  onLink: showLink,
  remembers: presentation === undefined,
});
followAddressBar(explorer);
createRoot(document.getElementById('root') as HTMLElement).render(
  <App explorer={explorer} presentation={presentation} />,
);

if (!presentation) {
  const stop = explorer.store.subscribe(({ phase }) => {
    if (phase !== 'done') return;
    stop();
    // The first plot comes first.
    setTimeout(() => import('./offline/register.ts').then(({ keepShell }) => keepShell()).catch(() => undefined), 2000);
  });
}
