// process.on('exit'), and the signals turned into process.exit, as its documentation shows.
const { execFileSync } = require('node:child_process');

function say(text) { require('node:fs').writeSync(1, text + '\n'); }

process.on('exit', () => {
  say('clean-up');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
  say('cleaned up');
});
process.on('SIGTERM', () => process.exit(143));
process.on('SIGINT', () => process.exit(130));
process.on('SIGHUP', () => process.exit(129));

switch (process.argv[2]) {
  case 'end': say('caller goes on'); break;
  case 'error': throw new Error('an error');
  case 'exit': process.exit(4); break;
  case 'sleep': say('ready'); setInterval(() => {}, 1000); break;
  // A call that waits: signals are looked at when it has returned.
  case 'blocked': say('ready'); execFileSync('sleep', ['30']); break;
  case 'crash': process.abort();
}
