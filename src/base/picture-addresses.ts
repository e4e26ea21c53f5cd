// The addresses of pictures of this server. Rows hold paths, clients get URLs: stored articles stay right when the server's
// address changes.

export type PictureAddresses = ReturnType<typeof createPictureAddresses>

const PATH = /^(?:files|drawn)\/[\w./-]{1,300}$/

export function createPictureAddresses(absoluteUrl: (path: string) => string) {
  /** The path of a picture of this server; undefined for any other address. */
  function pathOf(address: string): string | undefined {
    const prefix = absoluteUrl('')
    const path = (address.startsWith(prefix) ? address.slice(prefix.length) : address).replace(/^\//, '')
    return PATH.test(path) && !path.includes('..') ? path : undefined
  }
  return {
    pathOf,
    /** Sanitised HTML with the paths of our pictures. */
    toPaths: (html: string): string =>
      html.replace(/(<img\b[^>]*?\bsrc=")([^"]+)/g, (all, before: string, src: string) => {
        const path = pathOf(src)
        return path === undefined ? all : before + path
      }),
  }
}

/** Clients show the HTML on pages of another origin, so the paths of pictures become absolute URLs. */
export function withAbsoluteImages(html: string, absoluteUrl: (path: string) => string): string {
  return html.replace(
    /(<img\b[^>]*?\bsrc=")(?!https?:|data:|\/\/)\/?([^"]+)/gi,
    (_, before: string, path: string) => before + absoluteUrl(path),
  )
}
