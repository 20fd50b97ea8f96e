import type { Publication } from '../../core/analysis/document.ts';
import { useForm } from './context.ts';
import styles from './Form.module.css';
import { TextField } from './fields.tsx';
import { Section } from './Section.tsx';

const FIELDS: [keyof Publication, string, string][] = [
  ['experiment', 'Experiment', 'CMS Open Data'],
  ['status', 'Status', 'Simulation'],
  ['luminosity', 'Luminosity', 'L = 11.6 fb⁻¹'],
  ['energy', 'Energy', '8 TeV'],
];

/** What a published plot says in its corner. */
export function PublicationSection() {
  const { document, change } = useForm();
  const { publication = {} } = document;
  return (
    <Section title="Publication" note={publication.experiment}>
      <div className={styles.grid}>
        {FIELDS.map(([key, label, example]) => (
          <TextField
            key={key}
            label={label}
            placeholder={example}
            value={publication[key]}
            onText={(text, step) => {
              const { [key]: _, ...others } = publication;
              const next: Publication = text === '' ? others : { ...publication, [key]: text };
              return change(
                [{ kind: 'setPublication', publication: Object.keys(next).length ? next : undefined }],
                step,
              );
            }}
          />
        ))}
      </div>
    </Section>
  );
}
