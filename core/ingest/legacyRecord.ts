/**
 * Records of the EventIndex as Hadoop keeps them, printed as text: `RunNumber-EventNumber` with 8 and 11 digits, a tab or blanks, 40 fields between commas (54 where they were augmented).
 * Read as bytes: no object and no text is made of a record that is right.
 */
import { type DatasetName, parseDataType, printDataType } from '../catalogue/datasetName.ts';
import { AUGMENTED_FIELDS, KEPT_OUT, type KeptOut, LEGACY_FIELDS, PLAIN_FIELDS } from './legacyFields.ts';
import { LegacyMaskReader } from './legacyMask.ts';
import { KnownTexts, LegacyNumbers, latin1, MOST_TEXTS } from './legacyNumbers.ts';
import { HAS, ORIGIN_WORDS, type PackedRecords, WORD } from './packedRecords.ts';

/** Why a line is no record. */
export interface LegacyProblem {
  /** Characters of the line, from 1. */
  column: number;
  /** As `LEGACY_FIELDS` has it; `key` for the key, `line` where it is the line. */
  field: string;
  reason: string;
}

/** What was counted of records besides them. */
export interface LegacyCounts {
  keptOut: Partial<Record<KeptOut, number>>;
  /** `CNT,CLID,TECH` of tokens: how many had which. */
  storage: Record<string, number>;
  /** Records with trigger decisions or keys. */
  triggered: number;
  /** Records with origins. */
  derived: number;
}

const TAB = 9;
const BLANK = 32;
const COMMA = 44;
const HYPHEN = 45;
const ZERO = 48;
/** Indices of fields. */
const F = { TIME: 2, WEIGHT: 4, CHANNEL: 5, L1ID: 6, FLAGS: 7, MASKS: 10, SMK: 13, TOKENS: 16, NAMES: 40, CHAINS: 45 };
const FIELDS_OF_TOKEN = 6;
const TOKENS = 4;
const MOST_INT32 = 0x7fff_ffff;
const MOST_UINT32 = 0xffff_ffff;
/** The farther behind, the nearer to what the detector, or the generator, gave. */
const ORDER = ['AOD', 'ESD', 'RDO', 'RAW', 'HITS', 'EVNT'];
/** Streams whose name is not `Stream` and their data type. */
const STREAMS: Record<string, string> = { StreamEVGEN: 'EVNT' };
/** Projects whose runs had a level 2 between level 1 and the event filter. */
const RUN_1 = /^(data(0\d|1[0-3])|mc(0\d|1[0-2]))_/;
const KEPT_OUT_NAMES = Object.keys(KEPT_OUT) as KeptOut[];
const KEPT = Object.fromEntries(KEPT_OUT_NAMES.map((name, k) => [name, k])) as Record<KeptOut, number>;

/** Reads the records of one dataset, and counts what has no place. */
export class LegacyReader {
  /** What is wrong with the line that was read last. */
  problem: LegacyProblem | undefined;
  /** Data types of origins: `prov_type` of records counts them. */
  readonly provenanceTypes: string[] = [];
  /** Of the records so far: they have one in common. */
  smk: number | undefined;
  readonly #dataset: DatasetName;
  readonly #hasLevel2: boolean;
  readonly #isRecorded: boolean;
  readonly #numbers = new LegacyNumbers();
  readonly #masks = new LegacyMaskReader();
  /** Where each field begins; the end of the last one is one before the entry behind it. */
  readonly #starts = new Int32Array(AUGMENTED_FIELDS + 2);
  readonly #streams = new KnownTexts();
  /** Of streams: the data type, empty where the name is none; and its index in `provenanceTypes` once an origin had it. */
  readonly #typeOfStream: string[] = [];
  readonly #originOfStream: number[] = [];
  readonly #isOwn: boolean[] = [];
  readonly #storage = new KnownTexts();
  readonly #names = new KnownTexts();
  readonly #keptOut = new Float64Array(KEPT_OUT_NAMES.length);
  readonly #storages = new Float64Array(MOST_TEXTS + 1);
  #triggered = 0;
  #derived = 0;
  /** Of the record that is read: indices into the two above, counted once it is known to be right. */
  readonly #noted = new Int32Array(KEPT_OUT_NAMES.length + TOKENS);
  readonly #stored = new Int32Array(TOKENS);
  #notes = 0;
  #tokens = 0;
  #hasTrigger = false;
  /** In halves of words. */
  #end = 0;

  constructor(dataset: DatasetName) {
    this.#dataset = dataset;
    this.#hasLevel2 = RUN_1.test(dataset.project);
    this.#isRecorded = dataset.project.startsWith('data');
  }

  /** What was counted since it was taken last. */
  takeCounts(): LegacyCounts {
    const counts: LegacyCounts = { keptOut: {}, storage: {}, triggered: this.#triggered, derived: this.#derived };
    this.#keptOut.forEach((count, k) => {
      if (count > 0) counts.keptOut[KEPT_OUT_NAMES[k]!] = count;
    });
    this.#storages.forEach((count, k) => {
      if (count > 0) counts.storage[k < MOST_TEXTS ? this.#storage.text(k) : 'others'] = count;
    });
    this.#keptOut.fill(0);
    this.#storages.fill(0);
    this.#triggered = 0;
    this.#derived = 0;
    return counts;
  }

  /**
   * Appends the record of a line, which `into` has room for.
   * @param line bytes, of which those `from`, up to `to`, are the line without its end
   * @param input which, from 0 @param number of the line, from 1: both are kept with the record
   * @returns false where it is none: `problem` says why, and nothing is appended
   */
  read(line: Uint8Array, from: number, to: number, into: PackedRecords, input = 0, number = 1): boolean {
    this.problem = undefined;
    this.#notes = 0;
    this.#tokens = 0;
    const { words, doubles, halves } = into;
    const at = into.length >> 2;
    words.fill(0, at, at + WORD.REST);
    words[at + WORD.INPUT] = input;
    doubles[(at + WORD.LINE) >> 1] = number;
    const fields = this.#split(line, from, to);
    if (
      fields < 0 ||
      !this.#readKey(line, from, words, at) ||
      !this.#readIdentification(line, words, doubles, at) ||
      !this.#readTokens(line, words, at) ||
      (fields === AUGMENTED_FIELDS && !this.#readNames(line)) ||
      !this.#readTrigger(line, words, halves, at)
    ) {
      this.problem!.column -= from;
      return false;
    }
    const length = (2 * this.#end - into.length + 7) & ~7;
    halves.fill(0, this.#end, (into.length + length) >> 1);
    words[at + WORD.BYTES] = length;
    into.length += length;
    into.rows++;
    for (let k = 0; k < this.#notes; k++) this.#keptOut[this.#noted[k]!]!++;
    for (let k = 0; k < this.#tokens; k++) this.#storages[this.#stored[k]!]!++;
    if (this.#hasTrigger) this.#triggered++;
    if (words[at + WORD.HAS]! >>> 16 > 0) this.#derived++;
    return true;
  }

  /** Where key and fields begin. @returns how many fields there are; −1 */
  #split(line: Uint8Array, from: number, to: number): number {
    const starts = this.#starts;
    let i = from;
    while (i < to && line[i] !== TAB && line[i] !== BLANK && line[i] !== COMMA) i++;
    while (i < to && (line[i] === TAB || line[i] === BLANK)) i++;
    let fields = 0;
    starts[0] = i;
    for (; i < to; i++) {
      if (line[i] !== COMMA) continue;
      if (++fields === AUGMENTED_FIELDS) break;
      starts[fields] = i + 1;
    }
    if (++fields !== PLAIN_FIELDS && fields !== AUGMENTED_FIELDS) {
      const found = fields > AUGMENTED_FIELDS ? `more than ${AUGMENTED_FIELDS}` : String(fields);
      this.#fail(
        from,
        'line',
        `has ${found} field${fields === 1 ? '' : 's'}, not ${PLAIN_FIELDS} or ${AUGMENTED_FIELDS}`,
      );
      return -1;
    }
    starts[fields] = to + 1;
    return fields;
  }

  #readKey(line: Uint8Array, from: number, words: Uint32Array, at: number): boolean {
    const numbers = this.#numbers;
    const end = this.#starts[0]!;
    let hyphen = from;
    while (hyphen < end && line[hyphen] !== HYPHEN) hyphen++;
    let to = hyphen;
    while (to < end && line[to] !== TAB && line[to] !== BLANK) to++;
    if (!this.#isPadded(line, from, hyphen, 8)) return this.#fail(from, 'key', 'has no run number of 8 digits');
    if (!this.#isPadded(line, hyphen + 1, to, 11))
      return this.#fail(hyphen + 1, 'key', 'has no event number of 11 digits');
    const run = numbers.whole(line, from, hyphen);
    if (run < 0 || run > MOST_UINT32) return this.#fail(from, 'key', 'has no run number of at most 4294967295');
    if (!numbers.long(line, hyphen + 1, to))
      return this.#fail(hyphen + 1, 'key', 'has no event number of at most 18446744073709551615');
    words[at + WORD.EVENT] = numbers.low;
    words[at + WORD.EVENT + 1] = numbers.high;
    return this.#checkRun(line, from, run);
  }

  /** At least `digits` digits: zeros in front of it fill it up to that many. */
  #isPadded(line: Uint8Array, from: number, to: number, digits: number): boolean {
    return to - from === digits || (to - from > digits && line[from] !== ZERO);
  }

  /** Of simulation the run number is that of the conditions; then the channel is the dataset's number. */
  #checkRun(line: Uint8Array, from: number, run: number): boolean {
    const expected = this.#dataset.runNumber;
    if (run === expected) return true;
    const channel = this.#numbers.whole(line, this.#starts[F.CHANNEL]!, this.#starts[F.CHANNEL + 1]! - 1);
    const isSimulated = line[this.#starts[F.FLAGS]!] === ZERO + 1;
    if (isSimulated && channel === expected) {
      this.#keepOut('runOfSimulation');
      return true;
    }
    return this.#fail(from, 'key', `is of run ${run}, not of ${expected}, the dataset’s`);
  }

  #readIdentification(line: Uint8Array, words: Uint32Array, doubles: Float64Array, at: number): boolean {
    const block = this.#bounded(line, 0, MOST_UINT32);
    const bunch = this.#bounded(line, 1, 0xffff);
    const seconds = this.#bounded(line, F.TIME, MOST_UINT32);
    const nanoseconds = this.#bounded(line, F.TIME + 1, 999_999_999);
    const channel = this.#bounded(line, F.CHANNEL, MOST_INT32);
    const id = this.#isEmpty(F.L1ID) ? -1 : this.#bounded(line, F.L1ID, MOST_UINT32);
    const simulated = this.#bounded(line, F.FLAGS, 1);
    const calibration = this.#bounded(line, F.FLAGS + 1, 1);
    const testBeam = this.#bounded(line, F.FLAGS + 2, 1);
    if (this.problem) return false;
    const weight = this.#numbers.decimal(line, this.#starts[F.WEIGHT]!, this.#starts[F.WEIGHT + 1]! - 1);
    if (Number.isNaN(weight)) return this.#bad(line, F.WEIGHT, 'is no finite number');
    let has = HAS.LB | HAS.BCID | HAS.TIME;
    words[at + WORD.LB] = block;
    words[at + WORD.BCID] = bunch;
    // The product in two halves: each stays below 2⁵³.
    const high = (seconds >>> 16) * 1e9;
    const low = (high % 65536) * 65536 + (seconds & 0xffff) * 1e9 + nanoseconds;
    words[at + WORD.TIME] = low % 2 ** 32;
    words[at + WORD.TIME + 1] = Math.floor(high / 65536) + Math.floor(low / 2 ** 32);
    if (id >= 0) {
      has |= HAS.L1ID;
      words[at + WORD.L1ID] = id;
    }
    if (simulated === 1) {
      if (this.#isRecorded)
        return this.#bad(line, F.FLAGS, `says simulation, the dataset is of ${this.#dataset.project}`);
      has |= HAS.CHANNEL | HAS.WEIGHT;
      words[at + WORD.CHANNEL] = channel;
      doubles[(at + WORD.WEIGHT) >> 1] = weight;
    } else {
      if (weight !== 0 && weight !== 1) this.#keepOut('weightOfData');
      if (channel !== 0) this.#keepOut('channelOfData');
    }
    if (calibration === 1) this.#keepOut('calibration');
    if (testBeam === 1) this.#keepOut('testBeam');
    words[at + WORD.HAS] = has;
    return true;
  }

  /** The token of the record, then those of what it was made from, the nearest first. */
  #readTokens(line: Uint8Array, words: Uint32Array, at: number): boolean {
    if (this.#isEmpty(F.TOKENS + 1))
      return this.#bad(line, F.TOKENS + 1, 'is empty: a record has the GUID of its file');
    const own = this.#readToken(line, 0, words, at + WORD.GUID, at + WORD.OID1);
    if (own < 0) return false;
    if (!this.#isOwn[own]) this.#keepOut('stream');
    const first = at + WORD.REST;
    let origins = 0;
    for (let token = 1; token < TOKENS; token++) {
      if (this.#isTokenEmpty(token)) continue;
      const put = first + origins * ORIGIN_WORDS;
      const stream = this.#readToken(line, token, words, put + 2, put + 6);
      if (stream < 0) return false;
      const type = this.#originType(stream);
      if (type < 0) {
        this.#keepOut('provenance');
        continue;
      }
      const rank = this.#rank(type);
      words[put] = type;
      words[put + 1] = 0;
      origins++;
      for (let up = put; up > first && this.#rank(words[up - ORIGIN_WORDS]!) > rank; up -= ORIGIN_WORDS)
        for (let k = 0; k < ORIGIN_WORDS; k++) {
          const moved = words[up - ORIGIN_WORDS + k]!;
          words[up - ORIGIN_WORDS + k] = words[up + k]!;
          words[up + k] = moved;
        }
    }
    words[at + WORD.HAS] = words[at + WORD.HAS]! | (origins << 16);
    this.#end = 2 * (first + origins * ORIGIN_WORDS);
    return true;
  }

  /** @returns which of the streams; −1 */
  #readToken(line: Uint8Array, token: number, words: Uint32Array, guid: number, oid: number): number {
    const starts = this.#starts;
    const field = F.TOKENS + token * FIELDS_OF_TOKEN;
    const stream = this.#stream(line, field);
    if (stream < 0) return -1;
    const numbers = this.#numbers;
    if (!numbers.guid(line, starts[field + 1]!, starts[field + 2]! - 1, words, guid)) {
      this.#bad(line, field + 1, 'is no GUID');
      return -1;
    }
    if (!this.#keepStorage(line, field + 2)) return -1;
    const from = starts[field + 5]!;
    const to = starts[field + 6]! - 1;
    let hyphen = from;
    while (hyphen < to && line[hyphen] !== HYPHEN) hyphen++;
    for (let half = 0; half < 2; half++) {
      if (!(half === 0 ? numbers.hex(line, from, hyphen) : numbers.hex(line, hyphen + 1, to))) {
        this.#bad(line, field + 5, 'is not two hexadecimal numbers with a hyphen in between');
        return -1;
      }
      words[oid + 2 * half] = numbers.low;
      words[oid + 2 * half + 1] = numbers.high;
    }
    return stream;
  }

  #stream(line: Uint8Array, field: number): number {
    const from = this.#starts[field]!;
    const to = this.#starts[field + 1]! - 1;
    const known = this.#streams.find(line, from, to);
    if (known >= 0) return known;
    if (from === to) {
      this.#bad(line, field, 'is empty, the token is not');
      return -1;
    }
    const added = this.#streams.add(line, from, to);
    if (added === MOST_TEXTS) {
      this.#bad(line, field, `is one name of more than ${MOST_TEXTS}`);
      return -1;
    }
    const name = latin1(line, from, to);
    const type = name.startsWith('Stream') ? parseDataType(STREAMS[name] ?? name.slice('Stream'.length)) : undefined;
    const text = type ? printDataType(type) : '';
    this.#typeOfStream.push(text.length > 64 ? '' : text);
    this.#isOwn.push(text === printDataType(this.#dataset.dataType));
    return added;
  }

  #originType(stream: number): number {
    const known = this.#originOfStream[stream];
    if (known !== undefined) return known;
    const name = this.#typeOfStream[stream]!;
    const at = this.provenanceTypes.indexOf(name);
    const type = name === '' ? -1 : at >= 0 ? at : this.provenanceTypes.push(name) - 1;
    this.#originOfStream[stream] = type;
    return type;
  }

  #rank(type: number): number {
    return ORDER.indexOf(this.provenanceTypes[type]!);
  }

  /** `CNT,CLID,TECH`: how the file keeps records of its kind. */
  #keepStorage(line: Uint8Array, field: number): boolean {
    const starts = this.#starts;
    const from = starts[field]!;
    const to = starts[field + 3]! - 1;
    let known = this.#storage.find(line, from, to);
    if (known < 0) {
      if (this.#isEmpty(field)) return this.#bad(line, field, 'is empty, the token is not');
      if (!this.#numbers.guid(line, starts[field + 1]!, starts[field + 2]! - 1, new Uint32Array(4), 0))
        return this.#bad(line, field + 1, 'is no GUID');
      if (!this.#numbers.hex(line, starts[field + 2]!, to))
        return this.#bad(line, field + 2, 'is no hexadecimal number');
      known = this.#storage.add(line, from, to);
    }
    this.#stored[this.#tokens++] = known;
    return true;
  }

  #readTrigger(line: Uint8Array, words: Uint32Array, halves: Uint16Array, at: number): boolean {
    const starts = this.#starts;
    const masks = this.#masks;
    const counts = 2 * (at + WORD.COUNTS);
    const [smk, high, level1] = [0, 1, 2].map((k) =>
      this.#isEmpty(F.SMK + k) ? 0 : this.#bounded(line, F.SMK + k, MOST_INT32),
    ) as [number, number, number];
    if (this.problem) return false;
    this.#hasTrigger = smk > 0 || high > 0 || level1 > 0;
    let fired = 0;
    for (let level = 0; level < 3; level++) {
      const field = F.MASKS + level;
      const from = starts[field]!;
      const to = starts[field + 1]! - 1;
      // `0` stands for no mask: that is what was written where there was none.
      if (from === to || (to - from === 1 && line[from] === ZERO)) continue;
      const isMask =
        level === 0
          ? masks.level1(line, from, to, halves, this.#end)
          : masks.highLevel(line, from, to, halves, this.#end);
      if (!isMask) return this.#fail(masks.at, LEGACY_FIELDS[field]!, masks.problem);
      const total = masks.counts[0]! + masks.counts[1]! + masks.counts[2]!;
      if (level > 0 && masks.lists === 1) {
        if (total > 0) this.#keepOut(level === 1 ? 'oneListL2' : 'oneListEF');
        continue;
      }
      if (level === 1 && !this.#hasLevel2) {
        if (total > 0) this.#keepOut('noLevel2');
        if (masks.counts[0]! > 0 && !this.#startsAlike(line, field)) this.#keepOut('level2Differs');
        continue;
      }
      fired += total;
      if (smk === 0) continue;
      for (let list = 0; list < 3; list++) halves[counts + 3 * level + list] = masks.counts[list]!;
      this.#end += total;
    }
    if (smk === 0 && fired > 0) this.#keepOut('noMenu');
    if (smk > 0 && this.smk !== undefined && this.smk !== smk)
      return this.#bad(line, F.SMK, `is not ${this.smk}, as that of the records before`);
    if (smk > 0) this.smk = smk;
    if (high > 0) words[at + WORD.HPSK] = high;
    if (level1 > 0) words[at + WORD.L1PSK] = level1;
    words[at + WORD.HAS] = words[at + WORD.HAS]! | (high > 0 ? HAS.HPSK : 0) | (level1 > 0 ? HAS.L1PSK : 0);
    return true;
  }

  /** Whether a mask and the one behind it have the same first list. */
  #startsAlike(line: Uint8Array, field: number): boolean {
    let a = this.#starts[field]!;
    let b = this.#starts[field + 1]!;
    for (; line[a] !== 59 && line[a] !== COMMA; a++, b++) if (line[a] !== line[b]) return false;
    return line[b] === 59 || line[b] === COMMA;
  }

  /** Parts of the dataset's name, where they were put behind; then chains. */
  #readNames(line: Uint8Array): boolean {
    const starts = this.#starts;
    const from = starts[F.NAMES]!;
    const to = starts[F.CHAINS]! - 1;
    if (this.#names.find(line, from, to) < 0) {
      const { project, streamName, prodStep, dataType, amiTag } = this.#dataset;
      const own = [project, streamName, prodStep, printDataType(dataType), amiTag];
      for (const [k, expected] of own.entries()) {
        const found = latin1(line, starts[F.NAMES + k]!, starts[F.NAMES + k + 1]! - 1);
        if (found !== '' && found !== expected)
          return this.#bad(line, F.NAMES + k, `is of another dataset: it is ${expected || 'empty'} in this one`);
      }
      this.#names.add(line, from, to);
    }
    for (let field = F.CHAINS; field < AUGMENTED_FIELDS; field++)
      if (!this.#isEmpty(field)) {
        this.#keepOut('chains');
        break;
      }
    return true;
  }

  #isEmpty(field: number): boolean {
    return this.#starts[field + 1]! - 1 === this.#starts[field];
  }

  #isTokenEmpty(token: number): boolean {
    const field = F.TOKENS + token * FIELDS_OF_TOKEN;
    return this.#starts[field + FIELDS_OF_TOKEN]! - this.#starts[field]! === FIELDS_OF_TOKEN;
  }

  /** A whole number up to `most`. */
  #bounded(line: Uint8Array, field: number, most: number): number {
    const value = this.#numbers.whole(line, this.#starts[field]!, this.#starts[field + 1]! - 1);
    if (value >= 0 && value <= most) return value;
    if (!this.problem)
      this.#bad(line, field, most === 1 ? 'is neither 0 nor 1' : `is no whole number of at most ${most}`);
    return -1;
  }

  #keepOut(what: KeptOut): void {
    this.#noted[this.#notes++] = KEPT[what];
  }

  #bad(line: Uint8Array, field: number, what: string): false {
    const from = this.#starts[field]!;
    const to = this.#starts[field + 1]! - 1;
    const found = latin1(line, from, Math.min(to, from + 40)) + (to > from + 40 ? '…' : '');
    const text = what.startsWith('is empty')
      ? what
      : `${what}: ${found === '' ? 'it is empty' : JSON.stringify(found)}`;
    return this.#fail(from, LEGACY_FIELDS[field]!, text);
  }

  #fail(at: number, field: string, reason: string): false {
    this.problem ??= { column: at + 1, field, reason };
    return false;
  }
}
