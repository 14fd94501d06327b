import {fuzzCase, generator, verdict} from "../test/explain/fuzz.ts";

/** `tsx scripts/fuzz-explain.ts [CASES] [SEED]`: hostile texts; every one has to end in a result or in a named error with a place. */
const [cases = 100_000, seed = 1] = process.argv.slice(2).map(Number);
const rng = generator(seed);
let slowest = 0;
for (let i = 0; i < cases; i++) {
  const {text, from} = fuzzCase(rng);
  const start = performance.now();
  const wrong = verdict(text, from);
  slowest = Math.max(slowest, performance.now() - start);
  if (wrong !== null) {
    process.stderr.write(`case ${i} of seed ${seed}, format ${from ?? "unsaid"}: ${wrong}\n${JSON.stringify(text)}\n`);
    process.exit(1);
  }
}
process.stdout.write(`${cases} cases of seed ${seed}: a result or a named error each; slowest ${slowest.toFixed(1)} ms\n`);
