// The pages a browser gets at `/` while the web app is being built, or if the build failed.

const page = (head: string, body: string) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
${head}<title>Broadsheet</title>
</head>
<body>
<h1>Broadsheet</h1>
${body}
</body>
</html>
`

/** Reloads by a meta tag: the content security policy allows no inline script. */
export const BUILDING = page(
  '<meta http-equiv="refresh" content="1">\n',
  `<p>The web app is being built, which takes some seconds. This page reloads by itself.</p>
<p lang="zh-CN">网页正在生成，只需几秒钟，本页会自动刷新。</p>`,
)

export const NO_WEB_APP = page(
  '',
  `<p>A personalised news feed, and it is running. Its web app could not be built here; the log says why.</p>
<ul>
<li><a href="/docs">The API, described and to try out</a> (<a href="/openapi.json">OpenAPI</a>)</li>
<li><a href="/app/v1_1/articles?channel_id=0&amp;timestamp=1&amp;with_top=0">A first page of the feed</a>, as clients get it</li>
<li><a href="/readyz">Is it well?</a> <a href="/metrics">How has it been doing?</a></li>
</ul>
<p>An existing client of this API works when its base address is this one.</p>`,
)
