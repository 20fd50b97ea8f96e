import { Button, Menu } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useState } from 'react';
import type { Picked } from '../../../core/catalogue/picked.ts';
import { pickCsv, pickJson, pickText } from '../../../core/catalogue/pickText.ts';
import { type EventSet, eventSet } from '../../../core/catalogue/stream.ts';
import type { OpenCatalogue } from '../../../workers/catalogue/openCatalogue.ts';
import { menusOf, pickContext } from '../../../workers/catalogue/pick/names.ts';
import { saveText } from '../../save.ts';
import { keepList } from '../lists.ts';
import styles from './Pick.module.css';

const FORMATS = {
  text: { name: 'text', file: 'picked.txt', type: 'text/plain', print: pickText },
  csv: { name: 'CSV', file: 'picked.csv', type: 'text/csv', print: pickCsv },
  json: { name: 'JSON', file: 'picked.json', type: 'application/json', print: pickJson },
} as const;

/** Ways to take along what was found: files, the clipboard, a kept list. */
export function PickSaving({ catalogue, picked, show }: { catalogue: OpenCatalogue; picked: Picked; show: string }) {
  const [said, setSaid] = useState('');
  const tell = (text: string) => {
    setSaid(text);
    setTimeout(() => setSaid(''), 4000);
  };
  const attempt = (work: () => Promise<string | undefined>) => () =>
    void work().then(
      (text) => text && tell(text),
      (error: Error) => tell(error.message),
    );
  const save = (format: keyof typeof FORMATS) => async () => {
    const { file, type, print } = FORMATS[format];
    const menus = format === 'csv' ? undefined : await menusOf(catalogue, picked);
    saveText(file, print(picked, pickContext(catalogue, menus)), type);
    return undefined;
  };
  const copy = async () => {
    await navigator.clipboard.writeText(pickText(picked, pickContext(catalogue, await menusOf(catalogue, picked))));
    return 'Copied';
  };
  const keep = async () => {
    const words =
      { '': 'Picked events', duplicates: 'Duplicate events', missing: 'Events not found' }[show] ?? 'Events';
    return `Kept as ${await keepList(words, shownEvents(picked, show), `a pick in ${catalogue.manifest.title}`)}`;
  };
  return (
    <div className={styles.saving}>
      <span role="status">{said}</span>
      <Button variant="default" onClick={attempt(keep)} disabled={shownCount(picked, show) === 0}>
        Keep as list
      </Button>
      <Menu>
        <Menu.Target>
          <Button variant="default" rightSection={<IconChevronDown size={14} />}>
            Save
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {(Object.keys(FORMATS) as (keyof typeof FORMATS)[]).map((format) => (
            <Menu.Item key={format} onClick={attempt(save(format))}>
              Save {FORMATS[format].name}
            </Menu.Item>
          ))}
          <Menu.Item onClick={attempt(copy)}>Copy as text</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}

function placesShown({ hitEvent, isDuplicate, missing }: Picked, show: string): Uint32Array {
  if (show === 'missing') return missing;
  return show === 'duplicates' ? hitEvent.filter((_, index) => isDuplicate[index] === 1) : hitEvent;
}

function shownCount(picked: Picked, show: string): number {
  return placesShown(picked, show).length;
}

function shownEvents(picked: Picked, show: string): EventSet {
  const places = placesShown(picked, show);
  return eventSet(
    Array.from(places, (place) => picked.runs[place]!),
    BigUint64Array.from(places, (place) => picked.events[place]!),
  );
}
