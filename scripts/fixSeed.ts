/**
 * Property tests draw the same cases everywhere, so that a red run can be repeated; `LUMISCOPE_SEED` names other ones, and
 * `LUMISCOPE_SEED=random` draws anew.
 */
import fc from 'fast-check';

const wanted = process.env.LUMISCOPE_SEED ?? '20261121';
if (wanted !== 'random') fc.configureGlobal({ seed: Number(wanted) });
