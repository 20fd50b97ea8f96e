import { formatCount } from '../numbers.ts';
import { useExplorer } from '../store/context.tsx';

/** The events that pass all cuts. */
export default function EventsPane() {
  const passed = useExplorer((s) => s.result?.eventsPassed);
  return <p>{passed === undefined ? 'No event was read yet.' : `${formatCount(passed)} events pass all cuts.`}</p>;
}
