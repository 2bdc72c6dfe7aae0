import { spawn } from 'node:child_process';
import { findDecoder } from './admission.ts';

/** How Go reads bodies; see admission/decode/main.go. */
export interface Decoder {
  /** The reviews as Gardener's admission understands them, written anew; undefined for what it rejects. */
  read(bodies: readonly Buffer[]): Promise<(Buffer | undefined)[]>;
  close(): void;
}

export function startDecoder(): Decoder {
  const child = spawn(findDecoder(), [], { stdio: ['pipe', 'pipe', 'inherit'] });
  const answers = readAnswers(child.stdout);
  return {
    read: async (bodies) => {
      for (const body of bodies) {
        const length = Buffer.alloc(4);
        length.writeUInt32BE(body.length);
        child.stdin.write(length);
        child.stdin.write(body);
      }
      const read: (Buffer | undefined)[] = [];
      while (read.length < bodies.length) {
        const { value, done } = await answers.next();
        if (done) throw new Error('the decoder has ended');
        read.push(value.length === 0 ? undefined : value);
      }
      return read;
    },
    close: () => void child.kill(),
  };
}

/** Each after its length, in four bytes. */
async function* readAnswers(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of stream) {
    rest = Buffer.concat([rest, chunk]);
    for (let end = endOf(rest); end <= rest.length; end = endOf(rest)) {
      yield rest.subarray(4, end);
      rest = rest.subarray(end);
    }
  }
}

function endOf(bytes: Buffer): number {
  return bytes.length < 4 ? Number.POSITIVE_INFINITY : 4 + bytes.readUInt32BE(0);
}
