// The value of an `<input type=datetime-local>`, which is in the browser's zone and has no seconds.

export function toLocalInput(iso: string | null): string {
  if (!iso) return ''
  const at = new Date(iso)
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

export const fromLocalInput = (local: string): string | null => (local ? new Date(local).toISOString() : null)
