// How fast does emmett-postgresql append? Run as `node emmett.mjs append CLIENTS SECONDS DSN`
// on an empty database; BENCH_NPM names the folder the npm packages were installed to.
import { createRequire } from 'node:module';
import { randomUUID } from 'node:crypto';
import { pathToFileURL } from 'node:url';

const [mode, clients, seconds, dsn] = process.argv.slice(2);
if (mode !== 'append') throw new Error('emmett-postgresql is measured on append only.');
const require = createRequire(pathToFileURL(`${process.env.BENCH_NPM}/`));
const { getPostgreSQLEventStore } = require('@event-driven-io/emmett-postgresql');
const pg = require('pg');

const WARM_UP = 500; // milliseconds driven and not counted, after every client's first append
const TEXT = 'x'.repeat(120);
const pool = new pg.Pool({ connectionString: dsn, min: +clients, max: +clients });
const store = getPostgreSQLEventStore(dsn, { connectionOptions: { pool } });
await store.schema.migrate();

const append = () =>
  store.appendToStream(
    `matter-${randomUUID()}`,
    [{ type: 'Noted', data: { actor: randomUUID(), text: TEXT } }],
    { expectedStreamVersion: 'STREAM_DOES_NOT_EXIST' },
  );

const everyone = (work) => Promise.all(Array.from({ length: +clients }, work));
await everyone(append);
const latencies = [];
const opens = performance.now() + WARM_UP;
const closes = opens + seconds * 1000;
await everyone(async () => {
  for (let ended = 0; ended < closes; ) {
    const began = performance.now();
    await append();
    ended = performance.now();
    if (ended >= opens && ended < closes) latencies.push(ended - began);
  }
});

latencies.sort((a, b) => a - b);
const quantile = (q) =>
  +latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * q))].toFixed(3);
const rate = +(latencies.length / seconds).toFixed(1);
console.log(
  JSON.stringify({
    operations_per_s: rate,
    events_per_s: rate,
    p50_ms: quantile(0.5),
    p99_ms: quantile(0.99),
    conflicts: 0,
  }),
);
process.exit(0);
