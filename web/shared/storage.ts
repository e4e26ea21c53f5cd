// Browser storage that may be full, forbidden or absent: then things last as long as the page.

function keep(of: () => Storage) {
  const memory = new Map<string, string>()
  return {
    get<T>(name: string): T | undefined {
      try {
        const text = of().getItem(`broadsheet.${name}`) ?? memory.get(name)
        return text === undefined ? undefined : (JSON.parse(text) as T)
      } catch {
        return undefined
      }
    },
    set(name: string, value: unknown): void {
      const text = JSON.stringify(value)
      memory.set(name, text)
      try {
        of().setItem(`broadsheet.${name}`, text)
      } catch {}
    },
    remove(name: string): void {
      memory.delete(name)
      try {
        of().removeItem(`broadsheet.${name}`)
      } catch {}
    },
  }
}

/** For good, in every tab. */
export const lasting = keep(() => localStorage)
/** As long as this tab. */
export const ofTab = keep(() => sessionStorage)
