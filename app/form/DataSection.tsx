import { ActionIcon, Button, Textarea, TextInput } from '@mantine/core';
import { IconCopyPlus } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { addressesIn, type Dataset, type DatasetFile, type S3Store } from '../../core/analysis/document.ts';
import { readCertifiedRuns } from '../../core/analysis/lumis.ts';
import { toPlain } from '../../core/errors.ts';
import { publicUrl } from '../../workers/io/publicUrl.ts';
import { FileButton } from '../components/FileButton.tsx';
import { formatBytes } from '../numbers.ts';
import { sentence } from '../sentence.ts';
import { useActions } from '../store/context.tsx';
import { freshName, useForm } from './context.ts';
import styles from './Form.module.css';
import { NameField, NumberField, Switch, TextField } from './fields.tsx';
import { counted, EntryActions, Section } from './Section.tsx';

/** Where the events are, what stands in for missing columns, and which runs count. */
export function DataSection() {
  const { document, change } = useForm();
  const { datasets } = document;
  const add = () => {
    const name = freshName(
      'data',
      datasets.map((d) => d.name),
    );
    change([{ kind: 'addDataset', dataset: { name, files: [] } }]);
  };
  return (
    <Section title="Data" note={datasets.map(({ name }) => name).join(', ')}>
      {datasets.map((dataset, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an entry that is renamed stays the same entry
        <DatasetForm key={i} dataset={dataset} at={i} of={datasets.length} />
      ))}
      <div>
        <Button variant="default" onClick={add}>
          Add a data set
        </Button>
      </div>
      <Defaults />
      <CertifiedRuns />
    </Section>
  );
}

const SOURCE: ['record' | 'doi' | 'licence' | 'note', string][] = [
  ['record', 'Record'],
  ['doi', 'DOI'],
  ['licence', 'Licence'],
  ['note', 'Note'],
];

const STORE: ['endpoint' | 'region' | 'style', string, string][] = [
  ['endpoint', 'S3 endpoint', 'https://s3.example.org'],
  ['region', 'S3 region', 'us-east-1'],
  ['style', 'S3 style', 'path or host'],
];

function DatasetForm({ dataset, at, of }: { dataset: Dataset; at: number; of: number }) {
  const { change } = useForm();
  const { addLocalFiles } = useActions();
  const [refused, setRefused] = useState<string>();
  const { name, files, source = {}, s3 = {} } = dataset;
  const set = (part: Partial<Dataset>, step?: string) => {
    const next = Object.fromEntries(Object.entries({ ...dataset, ...part }).filter(([, value]) => value !== undefined));
    return change([{ kind: 'setDataset', name, dataset: next as unknown as Dataset }], step);
  };
  const setStore = (part: Partial<S3Store>, step?: string) => {
    const next = Object.fromEntries(Object.entries({ ...s3, ...part }).filter(([, value]) => value !== undefined));
    return set({ s3: Object.keys(next).length > 0 ? next : undefined }, step);
  };
  const setSource = (part: Partial<NonNullable<Dataset['source']>>, step?: string) => {
    const next = Object.fromEntries(Object.entries({ ...source, ...part }).filter(([, value]) => value !== undefined));
    return set({ source: Object.keys(next).length > 0 ? next : undefined }, step);
  };
  return (
    <div className={styles.entry}>
      <div className={styles.head}>
        <NameField
          label={`Name of the data set ${name}`}
          className={styles.grow}
          value={name}
          onName={(to) => set({ name: to })}
        />
        <EntryActions name={name} at={at} of={of} onRemove={() => change([{ kind: 'removeDataset', name }])} />
      </div>
      <ul className={styles.files} aria-label={`Files of ${name}`}>
        {files.map((file, k) => (
          <FileEntry
            // biome-ignore lint/suspicious/noArrayIndexKey: the same file may be there twice
            key={k}
            file={file}
            at={k}
            of={files.length}
            onFile={(next) => set({ files: files.toSpliced(k, 1, ...(next === undefined ? [] : [next])) })}
          />
        ))}
      </ul>
      <AddAddress onAddress={(address) => set({ files: [...files, address] })}>
        <FileButton
          variant="default"
          onFiles={(picked) =>
            void addLocalFiles(name, picked).then((error) => setRefused(error && sentence(error.message)))
          }
        >
          Local files
        </FileButton>
      </AddAddress>
      {refused && <p className={styles.message}>{refused}</p>}
      <details className={styles.more}>
        <summary>Tree, store, source</summary>
        <div className={styles.fields}>
          <div className={styles.grid}>
            <TextField
              label="Tree (ROOT)"
              placeholder="the only one"
              value={dataset.tree}
              onText={(text, step) => set({ tree: text || undefined }, step)}
            />
            {STORE.map(([key, label, placeholder]) => (
              <TextField
                key={key}
                label={label}
                placeholder={placeholder}
                value={s3[key]}
                onText={(text, step) => setStore({ [key]: text || undefined }, step)}
              />
            ))}
            {SOURCE.map(([key, label]) => (
              <TextField
                key={key}
                label={label}
                value={source[key]}
                onText={(text, step) => setSource({ [key]: text || undefined }, step)}
              />
            ))}
            <NumberField
              label="Bytes of all files"
              optional
              value={source.bytes}
              onNumber={(bytes, step) => setSource({ bytes }, step)}
            />
          </div>
          <Switch
            label="Simulated: the certified runs don’t apply"
            on={dataset.lumis === false}
            onSwitch={(on) => set({ lumis: on ? false : undefined })}
          />
        </div>
      </details>
    </div>
  );
}

function fileName(file: DatasetFile): string {
  if (typeof file === 'string') return publicUrl(file);
  return 'replicas' in file ? publicUrl(file.replicas[0] ?? '') : `${file.local} (${formatBytes(file.size)})`;
}

/** A file of a data set; one with an address may have more of them. */
function FileEntry({
  file,
  at,
  of,
  onFile,
}: {
  file: DatasetFile;
  at: number;
  of: number;
  /** @returns why it is refused */
  onFile: (file: DatasetFile | undefined) => string | undefined;
}) {
  const [adding, setAdding] = useState(false);
  const name = fileName(file);
  const addresses = addressesIn(file);
  const take = (next: string[]) => onFile(next.length === 1 ? next[0] : { replicas: next });
  return (
    <>
      <li>
        <span className="mono">{name}</span>
        {addresses.length > 0 && (
          <ActionIcon
            size={22}
            aria-label={`Add a replica of ${name}`}
            aria-expanded={adding}
            title="The same file at another address, for when this one fails"
            onClick={() => setAdding(!adding)}
          >
            <IconCopyPlus size={14} />
          </ActionIcon>
        )}
        <EntryActions name={name} at={at} of={of} onRemove={() => onFile(undefined)} />
      </li>
      {addresses.slice(1).map((address, k) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the same address may be there twice
        <li key={k} className={styles.replica}>
          <span className="mono">{publicUrl(address)}</span>
          <EntryActions
            name={`the replica ${publicUrl(address)}`}
            at={k}
            of={addresses.length - 1}
            onRemove={() => take(addresses.toSpliced(k + 1, 1))}
          />
        </li>
      ))}
      {adding && (
        <li className={styles.replica}>
          <AddAddress
            onAddress={(address) => {
              const refused = take([...addresses, address]);
              if (!refused) setAdding(false);
              return refused;
            }}
          />
        </li>
      )}
    </>
  );
}

function AddAddress({
  onAddress,
  children,
}: {
  onAddress: (address: string) => string | undefined;
  children?: React.ReactNode;
}) {
  const [address, setAddress] = useState('');
  const [refused, setRefused] = useState<string>();
  const add = (event: FormEvent) => {
    event.preventDefault();
    const error = address.trim() === '' ? undefined : onAddress(address.trim());
    setRefused(error);
    if (!error) setAddress('');
  };
  return (
    <form className={styles.add} onSubmit={add}>
      <TextInput
        className={styles.grow}
        aria-label="Address of a file"
        placeholder="https://…, s3://bucket/*.root, root://…"
        value={address}
        onChange={(event) => setAddress(event.currentTarget.value)}
        error={refused}
        spellCheck={false}
        autoComplete="off"
      />
      <Button type="submit" variant="default" disabled={address.trim() === ''}>
        Add
      </Button>
      {children}
    </form>
  );
}

/** Values that stand in for columns which a file lacks. */
function Defaults() {
  const { document, change } = useForm();
  const [column, setColumn] = useState('');
  const entries = Object.entries(document.defaults);
  const add = (event: FormEvent) => {
    event.preventDefault();
    if (!change([{ kind: 'setDefault', column: column.trim(), value: false }])) setColumn('');
  };
  return (
    <details className={styles.more}>
      <summary>Stand-ins for missing columns{entries.length > 0 && ` (${entries.length})`}</summary>
      <div className={styles.fields}>
        {entries.map(([name, value], i) => (
          <div key={name} className={styles.head}>
            <span className={`mono ${styles.grow}`}>{name}</span>
            <TextField
              label={`Value of ${name}`}
              quiet
              className={styles.number}
              value={String(value)}
              onText={(text, step) => change([{ kind: 'setDefault', column: name, value: plainValue(text) }], step)}
            />
            <EntryActions
              name={name}
              at={i}
              of={entries.length}
              onRemove={() => change([{ kind: 'setDefault', column: name, value: undefined }])}
            />
          </div>
        ))}
        <form className={styles.add} onSubmit={add}>
          <TextInput
            className={styles.grow}
            aria-label="Column that some files lack"
            placeholder="Column, e.g. HLT_IsoMu24"
            value={column}
            onChange={(event) => setColumn(event.currentTarget.value)}
            spellCheck={false}
            autoComplete="off"
          />
          <Button type="submit" variant="default" disabled={column.trim() === ''}>
            Add
          </Button>
        </form>
      </div>
    </details>
  );
}

function plainValue(text: string): number | boolean | string {
  if (text === 'true' || text === 'false') return text === 'true';
  return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}

/** The list of certified runs: picked as a file, or pasted. */
function CertifiedRuns() {
  const { document, change } = useForm();
  const [text, setText] = useState('');
  const [refused, setRefused] = useState<string>();
  const take = (json: string) => {
    try {
      const error = change([{ kind: 'setLumis', lumis: readCertifiedRuns(json) }]);
      setRefused(error);
      if (!error) setText('');
    } catch (error) {
      const { message, hint } = toPlain(error);
      setRefused(sentence([message, hint].filter(Boolean).join('. ')));
    }
  };
  const runs = document.lumis?.length ?? 0;
  return (
    <details className={styles.more}>
      <summary>Certified runs{runs > 0 && ` (${counted(runs, 'run')})`}</summary>
      <div className={styles.fields}>
        <Textarea
          size="xs"
          rows={2}
          label="Paste the list (JSON)"
          placeholder={'{"315267": [[1, 100]]}'}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          error={refused}
        />
        <div className={styles.add}>
          <Button variant="default" disabled={text.trim() === ''} onClick={() => take(text)}>
            Take the list
          </Button>
          <FileButton variant="default" onFiles={([file]) => void file?.text().then(take)}>
            Pick a file
          </FileButton>
          {runs > 0 && (
            <Button variant="default" onClick={() => change([{ kind: 'setLumis', lumis: undefined }])}>
              Remove the list
            </Button>
          )}
        </div>
      </div>
    </details>
  );
}
