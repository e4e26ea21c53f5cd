import { SingleBar } from 'cli-progress'

/** Shows a bar while `work` runs, if a person is watching. `update` takes what is done, and of how much. */
export async function withProgress<T>(
  stderr: Pick<NodeJS.WriteStream, 'write'> & { isTTY?: boolean },
  what: string,
  work: (update: (done: number, total: number) => void) => Promise<T>,
): Promise<T> {
  if (!stderr.isTTY) return work(() => {})
  const bar = new SingleBar({
    stream: stderr as NodeJS.WriteStream,
    format: '{what} [{bar}] {percentage}%  {value}/{total}',
    hideCursor: true,
  })
  bar.start(0, 0, { what })
  try {
    const result = await work((done, total) => {
      bar.setTotal(total)
      bar.update(done)
    })
    bar.update(bar.getTotal())
    return result
  } finally {
    bar.stop()
  }
}
