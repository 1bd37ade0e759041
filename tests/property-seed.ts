import fc from 'fast-check';

// A fixed seed gives the same result for the same code. `FC_SEED=$RANDOM npm test` tries other inputs; when one fails,
// add a test with that input.
fc.configureGlobal({ seed: Number(process.env.FC_SEED ?? 20_261_122) });
