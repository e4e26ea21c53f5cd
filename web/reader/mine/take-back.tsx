import { mineWords as words } from './mine-words.ts'

export const None = () => <p className="none">{words.none}</p>

/** `run` gets what the notice says. */
export const TakeBack = ({ name, run }: { name: string; run: (done: string) => void }) => (
  <button type="button" className="button small" aria-label={`${words.takeBack}: ${name}`} onClick={() => run(words.takenBack(name))}>
    {words.takeBack}
  </button>
)
