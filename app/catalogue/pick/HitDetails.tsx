import { ActionIcon } from '@mantine/core';
import { IconCheck, IconCopy, IconX } from '@tabler/icons-react';
import { type ReactNode, useEffect, useState } from 'react';
import { printGuid, printOid, printReference } from '../../../core/catalogue/eventKey.ts';
import { bitName, LEVEL_NAMES, LISTS_OF_LEVEL, type TriggerMenu } from '../../../core/catalogue/menu.ts';
import type { PickHit } from '../../../core/catalogue/picked.ts';
import { firedChains, masksOf, printTime } from '../../../core/catalogue/pickText.ts';
import { type PlainError, toPlain } from '../../../core/errors.ts';
import type { OpenCatalogue } from '../../../workers/catalogue/openCatalogue.ts';
import { menuOf, pickContext } from '../../../workers/catalogue/pick/names.ts';
import { formatCount } from '../../numbers.ts';
import styles from './Pick.module.css';

/** Everything that one record says: where it lies, what it came from, what triggered it. */
export function HitDetails({
  catalogue,
  hit,
  onClose,
}: {
  catalogue: OpenCatalogue;
  hit: PickHit;
  onClose?: () => void;
}) {
  const { menu, error } = useMenu(catalogue, hit);
  const context = pickContext(catalogue, menu && new Map([[menu.smk, menu]]));
  const smk = context.smkOf(hit);
  const chains = firedChains(hit, context);
  const masks = masksOf(hit, context.family(hit.dspid).project);
  const hasTrigger = masks.l1 !== undefined || masks.hlt !== undefined || masks.l2 !== undefined;
  return (
    <section className={styles.details} aria-label={`Event ${hit.event}`}>
      <div className={styles.detailsHead}>
        <h2>
          Run {hit.runNumber}, event {String(hit.event)}
        </h2>
        {onClose && (
          <ActionIcon aria-label="Close the record" onClick={onClose}>
            <IconX size={16} />
          </ActionIcon>
        )}
      </div>
      {hit.isDuplicate && <p className={styles.mark}>One of several records of this event in this data type</p>}
      <dl>
        <Entry name="Dataset" value={hit.dataset} copy />
        <Entry name="GUID" value={printGuid(hit.reference.guid)} copy />
        <Entry name="OID1-OID2" value={`${printOid(hit.reference.oid1)}-${printOid(hit.reference.oid2)}`} copy />
        <Entry name="seq" value={hit.seq} />
        <Entry name="Luminosity block" value={hit.lb} />
        <Entry name="BCID" value={hit.bcid} />
        <Entry name="Time" value={hit.time === undefined ? undefined : printTime(hit.time)} />
        <Entry name="Extended L1 id" value={hit.l1id === undefined ? undefined : `${hit.l1id}, 0x${hex(hit.l1id)}`} />
        <Entry name="MC channel" value={hit.mcChannel} />
        <Entry name="MC weight" value={hit.mcWeight} />
      </dl>
      <h3>Provenance</h3>
      {hit.provenance.length === 0 ? (
        <p className={styles.note}>{hit.dataType === 'RAW' ? 'It is RAW.' : 'The record says nothing of it.'}</p>
      ) : (
        <ol className={styles.chain}>
          {[{ dataType: hit.dataType, reference: hit.reference }, ...hit.provenance].map(
            ({ dataType, reference }, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a chain has its order
              <li key={at}>
                <strong>{dataType}</strong> <Copied text={printReference(reference)} />
              </li>
            ),
          )}
        </ol>
      )}
      <h3>Trigger</h3>
      {!hasTrigger && <p className={styles.note}>The record has no trigger.</p>}
      {hasTrigger && (
        <>
          <dl>
            <Entry name="Super master key" value={smk} />
            <Entry name="L1 prescale key" value={hit.l1psk} />
            <Entry name="HLT prescale key" value={hit.hpsk} />
          </dl>
          {error && <p className={styles.bad}>Chains have no names: {error.message}</p>}
          <ChainTable chains={chains} />
          <dl>
            <Entry name="L1 mask" value={masks.l1} copy />
            <Entry name="L2 mask" value={masks.l2} copy />
            <Entry name="HLT mask" value={masks.hlt} copy />
          </dl>
        </>
      )}
    </section>
  );
}

function ChainTable({ chains }: { chains: ReturnType<typeof firedChains> }) {
  if (chains.length === 0) return <p className={styles.note}>No chain fired.</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div className={styles.chains} tabIndex={0} role="region" aria-label="Fired chains">
      <table>
        <caption>
          {([1, 2, 3] as const)
            .map((level) => [LEVEL_NAMES[level], chains.filter((one) => one.level === level).length] as const)
            .filter(([, many]) => many > 0)
            .map(([name, many]) => `${name}: ${formatCount(many)} chains`)
            .join('; ')}
        </caption>
        <tbody>
          {chains.map(({ level, bit, chain, lists }) => (
            <tr key={`${level}.${bit}`}>
              <td>{chain === undefined ? bitName(level, bit) : chain}</td>
              <td className={styles.bit}>{chain === undefined ? '' : bit}</td>
              {LISTS_OF_LEVEL[level].map((name) => (
                <td key={name} className={styles.list}>
                  {(lists as readonly string[]).includes(name) ? name.toUpperCase() : ''}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The menu of a hit's dataset, which is read now. */
function useMenu(catalogue: OpenCatalogue, hit: PickHit): { menu?: TriggerMenu; error?: PlainError } {
  const [known, setKnown] = useState<{ menu?: TriggerMenu; error?: PlainError }>({});
  const smk = pickContext(catalogue).smkOf(hit);
  useEffect(() => {
    if (smk === undefined) return;
    const abort = new AbortController();
    menuOf(catalogue, smk, abort.signal).then(
      (menu) => !abort.signal.aborted && setKnown({ menu }),
      (error) => !abort.signal.aborted && setKnown({ error: toPlain(error) }),
    );
    return () => abort.abort();
  }, [catalogue, smk]);
  return known;
}

function Entry({ name, value, copy }: { name: string; value: string | number | undefined; copy?: boolean }): ReactNode {
  if (value === undefined) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>{copy ? <Copied text={String(value)} /> : value}</dd>
    </div>
  );
}

/** A text that other programs take, and a button that copies it. */
function Copied({ text }: { text: string }) {
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  };
  return (
    <span className={styles.copied}>
      <code>{text}</code>
      <ActionIcon size={20} aria-label={isCopied ? 'Copied' : `Copy ${text.slice(0, 60)}`} onClick={() => void copy()}>
        {isCopied ? <IconCheck size={13} /> : <IconCopy size={13} />}
      </ActionIcon>
    </span>
  );
}

const hex = (number: number) => number.toString(16).toUpperCase().padStart(8, '0');
