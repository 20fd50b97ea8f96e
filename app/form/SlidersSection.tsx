import { isLiteral } from '../../core/analysis/schema.ts';
import { useForm } from './context.ts';
import styles from './Form.module.css';
import { Choice, NumberField, TextField } from './fields.tsx';
import { counted, EntryActions, Section } from './Section.tsx';

/** Definitions that are one number, for people to move. */
export function SlidersSection() {
  const { document, change } = useForm();
  const { sliders = [], define } = document;
  const numbers = define.filter(
    ({ name, expression }) => isLiteral(expression) && !sliders.some((s) => s.name === name),
  );
  return (
    <Section title="Sliders" note={counted(sliders.length, 'slider')}>
      {sliders.map((slider, i) => {
        const set = (part: Partial<typeof slider>, step: string) => {
          const next = Object.fromEntries(Object.entries({ ...slider, ...part }).filter(([, v]) => v !== undefined));
          return change([{ kind: 'setSlider', slider: next as unknown as typeof slider }], step);
        };
        const [low, high] = slider.range;
        return (
          <div key={slider.name} className={styles.entry}>
            <div className={styles.head}>
              <span className={`mono ${styles.grow}`}>{slider.name}</span>
              <EntryActions
                name={`the slider of ${slider.name}`}
                at={i}
                of={sliders.length}
                onRemove={() => change([{ kind: 'removeSlider', name: slider.name }])}
              />
            </div>
            <div className={styles.grid}>
              <NumberField label="From" value={low} onNumber={(to, step) => set({ range: [to!, high] }, step)} />
              <NumberField label="To" value={high} onNumber={(to, step) => set({ range: [low, to!] }, step)} />
              <NumberField label="Step" optional value={slider.step} onNumber={(to, step) => set({ step: to }, step)} />
              <TextField
                label="Label"
                value={slider.label}
                onText={(text, step) => set({ label: text || undefined }, step)}
              />
              <TextField
                label="Unit"
                value={slider.unit}
                onText={(text, step) => set({ unit: text || undefined }, step)}
              />
            </div>
          </div>
        );
      })}
      {numbers.length > 0 ? (
        <Choice
          label="Add a slider for"
          value=""
          options={[['', 'choose a definition'], ...numbers.map(({ name }) => [name, name] as const)]}
          onChoose={(name) => {
            const value = Number(numbers.find((n) => n.name === name)?.expression);
            const range: [number, number] = value > 0 ? [0, 2 * value] : value < 0 ? [2 * value, 0] : [-1, 1];
            if (name) change([{ kind: 'setSlider', slider: { name, range } }]);
          }}
        />
      ) : (
        <p className={styles.hint}>A slider moves a definition that is a plain number, such as 20.</p>
      )}
    </Section>
  );
}
