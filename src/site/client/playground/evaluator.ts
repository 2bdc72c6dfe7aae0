import type { Answer, FromWorker, Knowledge, Options, Question } from './messages.ts';

export interface EvaluatorEvents {
  /** Called once, when the worker is ready. */
  onReady(knowledge: Knowledge): void;
  /** Called for the newest request only. */
  onAnswer(answer: Answer): void;
  /** The worker has failed or was stopped. The next request starts another one. */
  onFault(problem: string): void;
}

export interface Evaluator {
  /**
   * Sends a request, after the previous one has been answered. Of several waiting requests only the last one counts.
   */
  ask(text: string, options: Options): void;
}

/** How long a request may take before the worker is stopped, in milliseconds. */
const TIMEOUT_MS = 20_000;

export function createEvaluator(url: URL, events: EvaluatorEvents): Evaluator {
  let worker: Worker | undefined;
  let isReady = false;
  let asked: Question | undefined;
  let waiting: Question | undefined;
  let timer: number | undefined;
  let count = 0;
  start();
  return {
    ask: (text, options) => {
      count += 1;
      waiting = { id: count, text, options };
      if (worker === undefined) start();
      askNext();
    },
  };

  function start(): void {
    isReady = false;
    worker = new Worker(url, { type: 'module' });
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => receive(data);
    worker.onerror = (event) => {
      event.preventDefault();
      stop(`the evaluation has failed (${event.message || 'the worker cannot be loaded'})`);
    };
    timer = window.setTimeout(() => stop('the evaluation does not start'), TIMEOUT_MS);
  }

  function stop(problem: string): void {
    window.clearTimeout(timer);
    worker?.terminate();
    worker = undefined;
    asked = undefined;
    waiting = undefined;
    events.onFault(problem);
  }

  function receive(message: FromWorker): void {
    window.clearTimeout(timer);
    if ('knowledge' in message) {
      isReady = true;
      events.onReady(message.knowledge);
    } else {
      asked = undefined;
      if (message.answer.id === count) events.onAnswer(message.answer);
    }
    askNext();
  }

  function askNext(): void {
    if (!isReady || asked !== undefined || waiting === undefined) return;
    asked = waiting;
    waiting = undefined;
    worker?.postMessage(asked);
    timer = window.setTimeout(
      () => stop(`the evaluation took more than ${TIMEOUT_MS / 1000} seconds and was stopped`),
      TIMEOUT_MS,
    );
  }
}
