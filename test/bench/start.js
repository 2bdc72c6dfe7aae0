// `npm run bench`, `npm run bench:guard`, `npm run bench:corpus` and `npm run bench:lsp`.
import { runTypeScript } from '../support/run-typescript.js';

const [name = 'main', ...args] = process.argv.slice(2);
const others = ['main', 'guard', 'client', 'bare-fastify', 'bare-node', 'fastify-with'].filter(
  (each) => each !== name,
);
await runTypeScript(
  [name, ...others].map((each) => `test/bench/${each}`),
  args,
);
