import styles from './MonitorView.module.css';

/** What a relay is, and how to start one: for who came here without. @param reason why there is none to show */
export function NoRelay({ reason }: { reason: string | undefined }) {
  return (
    <article className={styles.explained}>
      <h2>No relay to watch</h2>
      {reason && <p className={styles.reason}>{reason}</p>}
      <p>
        A relay is an optional server beside this app. Jobs that read files of events stage what they found at it; when
        all files of a dataset are there, it publishes them in an event catalogue, each event once. It also reads files
        for this page from servers that browsers may not ask. The app works without one.
      </p>
      <p>Start one on this machine, with a folder as its store:</p>
      <pre>
        <code>npm run relay</code>
      </pre>
      <p>
        It says at which address it serves the app: there, this view shows it. A relay elsewhere is shown by{' '}
        <code>#monitor=https://relay.example.org/</code> behind the address of this page, if it is set up to answer to
        it.
      </p>
      <p>Then have events sent to it:</p>
      <pre>
        <code>lumiscope produce events.root --dataset NAME --relay URL --declare</code>
      </pre>
    </article>
  );
}
