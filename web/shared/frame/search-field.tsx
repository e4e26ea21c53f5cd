import { TextInput } from '@mantine/core'
import { useEffect, useState } from 'react'

const TYPING_MS = 400 // after the last letter: one request for a word, not one for each letter

interface Props {
  label: string
  value: string
  onChange: (value: string) => void
}

export function SearchField({ label, value, onChange }: Props) {
  const [typed, setTyped] = useState(value)
  useEffect(() => {
    if (typed.trim() === value) return
    const timer = setTimeout(() => onChange(typed.trim()), TYPING_MS)
    return () => clearTimeout(timer)
  })
  return <TextInput type="search" dir="auto" label={label} value={typed} onChange={event => setTyped(event.currentTarget.value)} />
}
