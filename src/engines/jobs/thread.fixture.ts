import { parentPort, workerData } from 'node:worker_threads'

const { forMs, how } = workerData as { forMs: number; how: 'answer' | 'throw' | 'leave' }
for (const until = performance.now() + forMs; performance.now() < until; );
if (how === 'throw') throw new Error('computed nonsense')
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has none
if (how === 'answer') parentPort?.postMessage({ computedMs: forMs })
