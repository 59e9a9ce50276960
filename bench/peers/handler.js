// What one writes in Node.js.
'use strict';

process.hrtime.bigint();
process.on('SIGTERM', () => {
  const at = process.hrtime.bigint();
  process.stdout.write(`first ${at}\n`);
  process.exit(0);
});
setTimeout(() => {}, 600_000);
process.stdout.write('ready\n');
