// Of all apps. src/app/web/build.ts adds where each is and below which path it is served.

import { defineConfig } from 'vite'

export default defineConfig({
  build: {
    target: 'baseline-widely-available',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0, // the content security policy of our pages allows data: URLs in pictures only
    rolldownOptions: {
      // What the first screen needs is one file: browsers load no more than six at once over HTTP/1.1.
      output: { codeSplitting: { groups: [{ name: 'app', tags: ['$initial'] }] } },
    },
  },
})
