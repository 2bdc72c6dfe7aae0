// `npm version` and `npm run release:registry`: its first argument is the module beside it that does it.
import { runTypeScript } from '../support/run-typescript.js';

const [module = '', ...args] = process.argv.slice(2);
await runTypeScript([`test/release/${module}`], args);
