import { Button } from '@mantine/core';
import { type FormEvent, useEffect, useMemo, useState } from 'react';
import { likelyLevel, maskLists } from '../../../core/catalogue/maskLists.ts';
import { chainsOf, type FiredChain, LEVEL_NAMES, type TriggerMenu } from '../../../core/catalogue/menu.ts';
import { type PlainError, toPlain } from '../../../core/errors.ts';
import type { OpenCatalogue } from '../../../workers/catalogue/openCatalogue.ts';
import { menuOf } from '../../../workers/catalogue/pick/names.ts';
import { Message } from '../../components/Message.tsx';
import { formatCount } from '../../numbers.ts';
import { sentence } from '../../sentence.ts';
import { useParameters } from '../link.ts';
import { Choice } from '../parts/Choice.tsx';
import { LEVEL_OPTIONS, levelOf } from './asked.ts';
import { EventChains } from './EventChains.tsx';
import { FiredTable } from './FiredTable.tsx';
import styles from './Triggers.module.css';

const MASK_LEVELS = [['', 'as it looks'], ...LEVEL_OPTIONS] as const;

/** The chains of one event, by its number or by the text of its mask. */
export default function Decode({ catalogue }: { catalogue: OpenCatalogue }) {
  const [{ mask = '', run = '', event = '', maskLevel = '', smk = '' }, change] = useParameters();
  return (
    <div className={styles.decode}>
      <div className={styles.forms}>
        <EventForm
          run={run}
          event={event}
          onAsk={(next) => change({ ...next, mask: undefined, maskLevel: undefined, smk: undefined }, 'moved')}
        />
        <section className={styles.mask} aria-label="A mask">
          <h2>A mask, as the EventIndex writes it</h2>
          <textarea
            aria-label="Mask"
            placeholder="…GY!G!B!C!E!BP!F!Dl"
            value={mask}
            spellCheck={false}
            onChange={({ target }) => change({ mask: target.value, run: undefined, event: undefined })}
          />
          <Choice
            label="Level"
            value={maskLevel}
            options={MASK_LEVELS}
            onChange={(next) => change({ maskLevel: next })}
          />
          <Choice
            label="Menu"
            value={smk}
            options={menuOptions(catalogue)}
            onChange={(next) => change({ smk: next })}
          />
        </section>
      </div>
      {mask.trim() !== '' ? (
        <MaskChains catalogue={catalogue} mask={mask} level={maskLevel} smk={smk} />
      ) : run !== '' && event !== '' ? (
        <EventChains key={`${run} ${event}`} catalogue={catalogue} run={run} event={event} />
      ) : (
        <p className={styles.note}>
          Which chains an event fired, by level: before and after prescale and veto; for physics, passed through,
          resurrected.
        </p>
      )}
    </div>
  );
}

function EventForm({
  run,
  event,
  onAsk,
}: {
  run: string;
  event: string;
  onAsk(asked: { run: string; event: string }): void;
}) {
  const [typed, setTyped] = useState({ run, event });
  useEffect(() => setTyped({ run, event }), [run, event]);
  const isGood = /^\s*\d{1,10}\s*$/.test(typed.run) && /^\s*\d{1,20}\s*$/.test(typed.event);
  const submit = (form: FormEvent) => {
    form.preventDefault();
    if (isGood) onAsk({ run: typed.run.trim(), event: typed.event.trim() });
  };
  return (
    <form className={styles.form} aria-label="An event" onSubmit={submit}>
      <h2>An event of this catalogue</h2>
      {(['run', 'event'] as const).map((name) => (
        <label key={name} className={styles.field}>
          <span>{name === 'run' ? 'Run' : 'Event'}</span>
          <input
            inputMode="numeric"
            value={typed[name]}
            style={{ width: name === 'run' ? '11ch' : '22ch' }}
            onChange={({ target }) => setTyped({ ...typed, [name]: target.value })}
          />
        </label>
      ))}
      <Button type="submit" variant="default" size="compact-xs" disabled={!isGood}>
        Decode
      </Button>
    </form>
  );
}

function MaskChains({
  catalogue,
  mask,
  level: levelText,
  smk,
}: {
  catalogue: OpenCatalogue;
  mask: string;
  level: string;
  smk: string;
}) {
  const { menu, error: noMenu } = useMenu(catalogue, smk);
  const level = levelText === '' ? likelyLevel(mask) : levelOf(levelText);
  const { fired, error } = useMemo((): { fired?: FiredChain[]; error?: PlainError } => {
    try {
      return { fired: chainsOf(menu, maskLists(mask, level)) };
    } catch (error) {
      return { error: toPlain(error) };
    }
  }, [mask, level, menu]);
  if (error) return <Message kind="error" title={sentence(error.message)} hint={error.hint} />;
  return (
    <>
      {noMenu && <Message kind="error" title={noMenu.message} hint={noMenu.hint} />}
      <p className={styles.note} role="status">
        {formatCount(fired!.length)} chains of {LEVEL_NAMES[level]}
        {menu ? `, menu ${menu.smk}` : ': choose a menu for their names'}
      </p>
      <FiredTable fired={fired!} />
    </>
  );
}

function useMenu(catalogue: OpenCatalogue, smk: string): { menu?: TriggerMenu; error?: PlainError } {
  const [known, setKnown] = useState<{ smk: string; menu?: TriggerMenu; error?: PlainError }>({ smk: '' });
  useEffect(() => {
    if (!/^\d+$/.test(smk)) return;
    const abort = new AbortController();
    menuOf(catalogue, Number(smk), abort.signal).then(
      (menu) => !abort.signal.aborted && setKnown({ smk, menu }),
      (error) => !abort.signal.aborted && setKnown({ smk, error: toPlain(error) }),
    );
    return () => abort.abort();
  }, [catalogue, smk]);
  return known.smk === smk ? known : {};
}

/** The trigger configurations of the catalogue's datasets. */
function menuOptions({ tables }: OpenCatalogue): (readonly [string, string])[] {
  const runs = new Map<number, Set<number>>();
  for (const { smk, run_number } of tables.datasets) {
    if (smk !== undefined) runs.set(smk, (runs.get(smk) ?? new Set()).add(run_number));
  }
  return [
    ['', 'none: numbers of bits'],
    ...[...runs]
      .sort(([a], [b]) => a - b)
      .map(
        ([smk, own]) =>
          [String(smk), `SMK ${smk} (${[...own].slice(0, 3).join(', ')}${own.size > 3 ? ', …' : ''})`] as const,
      ),
  ];
}
