// A package from npm with the clean-up as its callback: package.mjs NAME SITUATION. It runs beside node_modules.
import { execFileSync } from 'node:child_process';
import { writeSync } from 'node:fs';

const [name, situation] = process.argv.slice(2);

function say(text) { writeSync(1, text + '\n'); }

function cleanUp() {
  say('clean-up');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
  say('cleaned up');
}

// Each as its documentation shows.
switch (name) {
  case 'close-with-grace': {
    const { default: closeWithGrace } = await import('close-with-grace');
    closeWithGrace({ delay: 5000, logger: false }, async () => {
      say('clean-up');
      await new Promise(resolve => setTimeout(resolve, 300));
      say('cleaned up');
    });
    break;
  }
  case 'exit-hook': {
    const { default: exitHook } = await import('exit-hook');
    exitHook(cleanUp);
    break;
  }
  case 'signal-exit': {
    const { onExit } = await import('signal-exit');
    onExit(cleanUp);
    break;
  }
}

switch (situation) {
  case 'end': say('caller goes on'); break;
  case 'error': setImmediate(() => { throw new Error('an error'); }); break;
  case 'exit': process.exit(4); break;
  case 'sleep': say('ready'); setInterval(() => {}, 1000); break;
  // A call that waits: Node handles signals when it has returned.
  case 'blocked': say('ready'); execFileSync('sleep', ['30']); break;
  case 'crash': process.abort();
}
