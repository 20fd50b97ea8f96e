import { printGuid, printOid } from '../../catalogue/eventKey.ts';
import { printHltMask, printL1Mask } from '../../catalogue/triggerMask.ts';

export interface LegacyToken {
  stream: string;
  guid: { hi: bigint; lo: bigint };
  oid1: bigint;
  oid2: bigint;
}

export interface LegacyEvent {
  run: number;
  event: bigint;
  lb: number;
  bcid: number;
  /** Nanoseconds since 1970. */
  time: bigint;
  weight: string;
  channel: number;
  l1id: number | undefined;
  simulated: boolean;
  l1: { tbp: number[]; tap: number[]; tav: number[] } | undefined;
  l2: { ph: number[]; pt: number[]; rs: number[] } | undefined;
  ef: { ph: number[]; pt: number[]; rs: number[] } | undefined;
  smk: number;
  hpsk: number;
  l1psk: number;
  /** The record's own, then what it was made from. */
  tokens: LegacyToken[];
}

const STORAGE = ['POOLContainer(DataHeader)', 'D82968A1-CF91-4320-B2DD-E0F739CBC7E6', '00000202'];
const RAW_STORAGE = ['00000000', '00000000-0000-0000-0000-000000000000', '00001000'];

/** A record as Hadoop prints it. @param augmented the 14 fields behind */
export function printLegacyLine(event: LegacyEvent, augmented?: string[], separator = '\t'): string {
  const key = `${String(event.run).padStart(8, '0')}-${String(event.event).padStart(11, '0')}`;
  const tokens = Array.from({ length: 4 }, (_, k) => {
    const token = event.tokens[k];
    if (!token) return ['', '', '', '', '', ''];
    const storage = token.stream === 'StreamRAW' ? RAW_STORAGE : STORAGE;
    return [token.stream, printGuid(token.guid), ...storage, `${printOid(token.oid1)}-${printOid(token.oid2)}`];
  }).flat();
  const fields = [
    event.lb,
    event.bcid,
    event.time / 1_000_000_000n,
    event.time % 1_000_000_000n,
    event.weight,
    event.channel,
    event.l1id ?? '',
    event.simulated ? 1 : 0,
    0,
    0,
    event.l1 ? printL1Mask(event.l1) : '',
    event.l2 ? printHltMask(event.l2) : '',
    event.ef ? printHltMask(event.ef) : '',
    event.smk,
    event.hpsk,
    event.l1psk,
    ...tokens,
    ...(augmented ?? []),
  ];
  return `${key}${separator}${fields.join(',')}`;
}
