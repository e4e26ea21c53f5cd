// JSON values in browser storage. If storage is full or forbidden, values last as long as the page. What was stored before stays then:
// other tabs would take its removal for the reader's, and drop what they have of it.

function createStorage(getStorage: () => Storage) {
  const memory = new Map<string, string>()
  return {
    get<T>(name: string): T | undefined {
      try {
        const text = memory.get(name) ?? getStorage().getItem(`broadsheet.${name}`) ?? undefined
        return text === undefined ? undefined : (JSON.parse(text) as T)
      } catch {
        return undefined
      }
    },
    /** Whether there is a value, which may be long to read. */
    has(name: string): boolean {
      try {
        return memory.has(name) || getStorage().getItem(`broadsheet.${name}`) !== null
      } catch {
        return false
      }
    },
    set(name: string, value: unknown): void {
      const text = JSON.stringify(value)
      try {
        getStorage().setItem(`broadsheet.${name}`, text)
        memory.delete(name)
      } catch {
        memory.set(name, text)
      }
    },
    remove(name: string): void {
      memory.delete(name)
      try {
        getStorage().removeItem(`broadsheet.${name}`)
      } catch {}
    },
  }
}

/** False if nothing is kept when the page is closed. */
export function canStore(): boolean {
  try {
    localStorage.setItem('broadsheet.test', '')
    localStorage.removeItem('broadsheet.test')
    return true
  } catch {
    return false
  }
}

/** Shared by all tabs, and kept when the browser is closed. */
export const permanentStorage = createStorage(() => localStorage)
/** For this tab only, until it is closed. */
export const tabStorage = createStorage(() => sessionStorage)
