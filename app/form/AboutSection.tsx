import { useForm } from './context.ts';
import { LongTextField, TextField } from './fields.tsx';
import { Section } from './Section.tsx';

/** What the document says of itself. */
export function AboutSection() {
  const { document, change } = useForm();
  const set = (key: 'title' | 'description' | 'explanation') => (text: string, step: string) =>
    change([{ kind: 'setText', key, text: text === '' ? undefined : text }], step);
  return (
    <Section title="About" note={document.title}>
      <TextField label="Title" value={document.title} onText={set('title')} />
      <LongTextField label="Description" rows={3} value={document.description} onText={set('description')} />
      <TextField
        label="Page that explains it (Markdown)"
        placeholder="Address, e.g. ./explanation.md"
        value={document.explanation}
        onText={set('explanation')}
      />
    </Section>
  );
}
