import { useMutation } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { showNotice } from '../../shared/notice.tsx'
import { Form } from '../parts/form.tsx'
import { listWords as words } from './words-words.ts'

interface Props<Result> {
  run: () => Promise<Result>
  show: (result: Result) => ReactNode
  children: ReactNode
}

/** A form that changes nothing: it asks the server and shows the answer below the button. */
export function TryForm<Result>({ run, show, children }: Props<Result>) {
  const ask = useMutation({ mutationFn: run, onError: err => showNotice(err.message) })
  const answer = (
    <section aria-live="polite" aria-label={words.result}>
      {ask.data && show(ask.data)}
    </section>
  )
  return (
    <Form submit={words.run} isBusy={ask.isPending} onSubmit={() => ask.mutate()} answer={answer}>
      {children}
    </Form>
  )
}
