import { defineConfig } from 'vite'

export default defineConfig({
  root: new URL('reader', import.meta.url).pathname,
  build: {
    target: 'baseline-widely-available',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0, // the content security policy of our pages allows data: URLs in pictures only
  },
})
