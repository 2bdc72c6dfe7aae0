// `npm run docs`
import { runTypeScript } from '../support/run-typescript.js';

await runTypeScript(['test/docs/generate'], process.argv.slice(2));
