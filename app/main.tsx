import { createRoot } from 'react-dom/client';
import { createBrowserSession } from '../workers/browserSession.ts';
import { App } from './App.tsx';
import { followAddressBar, showLink } from './store/addressBar.ts';
import { createExplorer } from './store/explorer.ts';
import './styles/mantine.ts';
import './styles/base.css';

const base = location.href.replace(/[?#].*$/, '');
const explorer = createExplorer({ session: createBrowserSession(), base, onLink: showLink });
followAddressBar(explorer);
createRoot(document.getElementById('root') as HTMLElement).render(<App explorer={explorer} />);
