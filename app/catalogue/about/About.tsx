import type { ReactNode } from 'react';
import { formatPlace } from '../address.ts';
import type { TaskProps } from '../context.ts';
import styles from './About.module.css';

const DEMO = 'demo/catalogue/';

/** What a catalogue of events is, and what each task answers, for somebody who has never seen one; with links into the demo. */
export default function About({ catalogue: { manifest } }: TaskProps) {
  return (
    <article className={styles.page}>
      <h2>What is an event catalogue?</h2>
      <p>
        An experiment at a collider lets bunches of protons cross each other millions of times a second. A{' '}
        <em>trigger</em> decides within moments which crossings are worth keeping. What is kept of one crossing is an{' '}
        <em>event</em>: everything that the detector saw at that instant. Events are numbered within a <em>run</em>, a
        stretch of hours in which the detector took data. Run number and event number together name an event, as a date
        and a page number name a place in a diary.
      </p>
      <p>
        There are billions of events, in millions of files. The catalogue is like the card index of a library: it does
        not hold the events, but one small card, a <em>record</em>, for each place where an event is written down. The
        card says which event it is, in which file and at which place in it, which triggers fired, and what it was made
        from.
      </p>
      {manifest.simulated && (
        <p className={styles.note}>
          The catalogue that is open is simulated: its names and shapes are real ones, but no detector recorded what it
          lists.
        </p>
      )}

      <h3>Words that you will meet</h3>
      <dl>
        <Word name="Stream">
          Events that were kept for a similar reason are written together: <code>physics_Main</code> for most physics.
        </Word>
        <Word name="RAW, AOD, DAOD">
          Formats, from what the detector wrote (RAW) over what was computed from it (AOD: electrons, muons, jets, …) to
          smaller copies for one kind of analysis. These copies are <em>derivations</em>: <code>DAOD_EGAM7</code> is one
          for those who study electrons and photons. An event that interests several groups is in several derivations.
        </Word>
        <Word name="Dataset, container">
          Files that belong together, under one name: project, run, stream, step, format, and the version of the
          programs that made them (the <em>AMI tag</em>).
        </Word>
        <Word name="GUID">A long number that names one file in the whole world.</Word>
        <Word name="Chain">
          One line of the trigger’s menu, such as “a muon of at least 26 GeV”. Each event says which chains fired.
        </Word>
        <Word name="Duplicate">
          An event that is written more than once where it should be once: a mistake to be found before somebody counts
          it twice.
        </Word>
      </dl>

      <h3>What you can ask</h3>
      <p>
        Each link opens the demo’s catalogue with a question that is already asked. Change it, and see what happens.
      </p>
      <ul className={styles.tasks}>
        <Task
          task="discover"
          name="Discover"
          parameters={{ q: 'run:348885 type:DAOD_*' }}
          link="The derivations of run 348885"
        >
          What data are there? Search by any part of a name, and see how many events and files each dataset has.
        </Task>
        <Task
          task="pick"
          name="Pick"
          parameters={{ events: '348885:1027454' }}
          link="Where is event 1027454 of run 348885?"
        >
          You saw a strange event and want its raw data. Give its numbers: the catalogue says in which files it lies,
          and what it came from. Notice how little is read for that: the status line shows requests and bytes.
        </Task>
        <Task task="check" name="Check" parameters={{}} link="Is everything there, and there once?">
          Before an analysis: does a dataset hold as many events as it should, and none of them twice?
        </Task>
        <Task
          task="overlaps"
          name="Overlaps"
          parameters={{ pair: 'DAOD_EGAM7~DAOD_PHYS' }}
          link="Which events do two derivations share?"
        >
          Do two derivations hold the same events? A bright square in the map is a pair that has much in common: perhaps
          one of them could be spared. Point at a square for its numbers; click it for the events.
        </Task>
        <Task task="triggers" name="Triggers" parameters={{}} link="Which chains fired, and how often?">
          Why was an event kept? Count how often each chain fired, which ones fire together, and what one chain finds
          that no other does.
        </Task>
        <Task task="sql" name="SQL" parameters={{}} link="Ask in SQL">
          A question that nobody thought of? Ask it in the language of databases. Nothing that you type can change the
          catalogue.
        </Task>
      </ul>

      <h3>How can a web page do this?</h3>
      <p>
        There is no server that computes. The catalogue is a folder of files, sorted by event number. Your browser asks
        only for the pieces that it needs, as you would open a dictionary near the right letter, and counts on your own
        machine. What you ask, nobody else learns.
      </p>
    </article>
  );
}

function Word({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Task({
  task,
  name,
  parameters,
  link,
  children,
}: {
  task: string;
  name: string;
  parameters: Readonly<Record<string, string>>;
  link: string;
  children: ReactNode;
}) {
  return (
    <li>
      <h4>{name}</h4>
      <p>{children}</p>
      <p>
        <a href={formatPlace({ address: DEMO, task, parameters })}>{link}</a>
      </p>
    </li>
  );
}
