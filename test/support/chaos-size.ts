// How long a chaos scenario lasts: `smoke` in every run of `npm test`, `full` in `npm run chaos`. Only `full` asserts times,
// because nothing else runs on the machine then.

export const SIZE = process.env.CHAOS_SIZE === 'full' ? 'full' : 'smoke'
